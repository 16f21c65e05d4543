import * as Google from 'expo-auth-session/providers/google';
import { googleAuthConfig, isGoogleAuthConfigured } from '../services/googleAuth';

export function useGoogle() {
  const googleConfigured = isGoogleAuthConfigured();
  const [, , googlePromptAsync] = Google.useIdTokenAuthRequest(
    googleConfigured
      ? {
          iosClientId: googleAuthConfig.iosClientId || undefined,
          androidClientId: googleAuthConfig.androidClientId || undefined,
          clientId: googleAuthConfig.webClientId,
        }
      : { clientId: '__disabled__' },
  );
  return googlePromptAsync;
}
