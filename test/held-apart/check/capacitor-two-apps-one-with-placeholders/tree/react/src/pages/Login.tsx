import '@codetrix-studio/capacitor-google-auth';
import { Plugins } from '@capacitor/core';

export const signIn = () => Plugins.GoogleAuth.signIn();
