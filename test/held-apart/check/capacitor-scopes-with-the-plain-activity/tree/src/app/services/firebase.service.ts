import { Injectable } from '@angular/core';
import { SocialLogin } from '@capgo/capacitor-social-login';
import { GoogleAuthProvider, getAuth, signInWithCredential } from 'firebase/auth';
import { environment } from '../../environments/environment';

@Injectable({ providedIn: 'root' })
export class FirebaseService {
  async initializeSocialLogin(): Promise<void> {
    await SocialLogin.initialize({
      google: {
        webClientId: environment.firebase.webClientId,
        mode: 'online',
      },
    });
  }

  async signInWithGoogle(): Promise<any> {
    await this.initializeSocialLogin();
    const user: any = await SocialLogin.login({
      provider: 'google',
      options: {
        scopes: ['email', 'profile'],
        forceRefreshToken: true,
      },
    });
    return signInWithCredential(getAuth(), GoogleAuthProvider.credential(user.result.idToken));
  }
}
