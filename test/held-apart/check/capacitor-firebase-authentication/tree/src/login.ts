import { FirebaseAuthentication } from '@capacitor-firebase/authentication';

export const login = () => FirebaseAuthentication.signInWithGoogle();
