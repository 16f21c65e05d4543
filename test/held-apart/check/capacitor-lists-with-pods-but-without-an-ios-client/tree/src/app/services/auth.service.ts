import { Injectable } from "@angular/core";
import { GoogleAuth, User as gUser } from "@codetrix-studio/capacitor-google-auth";
import { isPlatform } from "@ionic/angular";

@Injectable({ providedIn: "root" })
export class AuthService {
  googleUser: gUser | null = null;

  constructor() {
    if (!isPlatform("capacitor")) {
      GoogleAuth.initialize();
    }
  }

  async googleSignIn() {
    this.googleUser = await GoogleAuth.signIn();
  }

  async googleRefresh() {
    const authCode = await GoogleAuth.refresh();
    console.log("refresh", authCode);
  }
}
