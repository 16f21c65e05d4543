import { FirebaseAuthentication } from '@capacitor-firebase/authentication';

export const google = () => FirebaseAuthentication.signInWithGoogle();
