import { GoogleSignin } from '@react-native-google-signin/google-signin';
import { GOOGLE_WEB_CLIENT_ID } from '@/config/googleSignIn';

class AuthService {
  public configureGoogleSignIn(): void {
    if (!GOOGLE_WEB_CLIENT_ID) {
      return;
    }
    GoogleSignin.configure({
      webClientId: GOOGLE_WEB_CLIENT_ID,
      offlineAccess: false,
    });
  }

  public async signInWithGoogle() {
    if (!GOOGLE_WEB_CLIENT_ID) {
      return { success: false, error: 'Google sign-in is not configured.' };
    }
    const response = await GoogleSignin.signIn();
    return { success: true, idToken: response.data?.idToken };
  }
}

export const authService = new AuthService();
