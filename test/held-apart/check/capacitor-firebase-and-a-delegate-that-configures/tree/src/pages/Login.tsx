import { Capacitor } from '@capacitor/core';
import { FirebaseAuthentication } from '@capacitor-firebase/authentication';
import { GoogleAuthProvider, getAuth, signInWithPopup } from 'firebase/auth';

export async function loginWithGoogle() {
  if (Capacitor.isNativePlatform()) {
    const result = await FirebaseAuthentication.signInWithGoogle();
    return result.user?.email;
  }
  const credential = await signInWithPopup(getAuth(), new GoogleAuthProvider());
  return credential.user.email;
}
