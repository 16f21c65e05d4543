import { GoogleSignin, isSuccessResponse } from '@react-native-google-signin/google-signin';
import { Platform } from 'react-native';
import { googleAuthConfig } from '../config/googleAuth';

let configured = false;

export const configureGoogleAuth = (): void => {
  if (configured || !googleAuthConfig.webClientId) return;

  GoogleSignin.configure({
    webClientId: googleAuthConfig.webClientId,
    offlineAccess: false,
    ...(Platform.OS === 'ios' && googleAuthConfig.iosClientId
      ? { iosClientId: googleAuthConfig.iosClientId }
      : {}),
  });
  configured = true;
};

export const authenticateWithGoogle = async () => {
  configureGoogleAuth();
  const response = await GoogleSignin.signIn();
  if (isSuccessResponse(response) && response.data.idToken) {
    return { type: 'success', idToken: response.data.idToken };
  }
  throw new Error('Google Sign-In did not return an ID token.');
};
