import { GoogleSignin } from '@react-native-google-signin/google-signin';
import auth from '@react-native-firebase/auth';

export async function loginWithGoogle() {
  const { idToken } = await GoogleSignin.signIn();
  if (!idToken) throw new Error('Something went wrong');
  return auth().signInWithCredential(auth.GoogleAuthProvider.credential(idToken));
}
