import { GoogleAuth } from '@codetrix-studio/capacitor-google-auth';

export class AuthService {
  constructor() {
    GoogleAuth.initialize();
  }
  signIn() {
    return GoogleAuth.signIn();
  }
}
