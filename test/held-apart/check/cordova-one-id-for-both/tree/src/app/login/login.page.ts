import { GooglePlus } from '@ionic-native/google-plus/ngx';
import { environment } from '../../environments/environment';

export class LoginPage {
  constructor(private googlePlus: GooglePlus) {}

  login() {
    return this.googlePlus.login({
      'scopes': '',
      'webClientId': environment.googleWebClientId,
      'offline': true,
    });
  }
}
