import { GoogleAuth } from '@codetrix-studio/capacitor-google-auth';

export const signIn = () => GoogleAuth.signIn();
