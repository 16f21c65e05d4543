import { GoogleAuth } from '@codetrix-studio/capacitor-google-auth';

export async function login() {
  const user = await GoogleAuth.signIn();
  return user.authentication.idToken;
}
