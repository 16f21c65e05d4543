import { GoogleSignin } from '@react-native-google-signin/google-signin';
import { GOOGLE_CONFIG } from '../constants/config';

export const configure = () =>
  GoogleSignin.configure({
    webClientId: GOOGLE_CONFIG.WEB_CLIENT_ID,
    offlineAccess: true,
  });
