import { GoogleSignin } from '@react-native-google-signin/google-signin';

GoogleSignin.configure({
  webClientId: process.env.EXPO_PUBLIC_GOOGLE_WEB_CLIENT_ID,
});

export async function signIn() {
  await GoogleSignin.hasPlayServices();
  return GoogleSignin.signIn();
}
