import { GoogleSignin } from '@react-native-google-signin/google-signin';
import { firebaseProject } from './firebase';

export const configureGoogleSignIn = () => {
  GoogleSignin.configure({
    webClientId: firebaseProject.webClientId,
    offlineAccess: true,
  });
};
