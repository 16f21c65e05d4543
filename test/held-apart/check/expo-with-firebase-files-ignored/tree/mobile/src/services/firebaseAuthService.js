import Constants from 'expo-constants';
import { GoogleSignin } from '@react-native-google-signin/google-signin';

const GOOGLE_CLIENT_ID = Constants.expoConfig.extra.googleClientId;
const IOS_CLIENT_ID = '650357809334-wi3xkyr9gaccn3cbkel52suk146wrbu3.apps.googleusercontent.com';

export const GOOGLE_IDS = {
  webClientId     : GOOGLE_CLIENT_ID,
  iosClientId     : IOS_CLIENT_ID,
  // androidClientId: once its SHA-1 is registered
};

GoogleSignin.configure({
  webClientId  : GOOGLE_CLIENT_ID,
  offlineAccess: false,
});
