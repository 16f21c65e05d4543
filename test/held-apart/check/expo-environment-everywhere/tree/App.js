import { GoogleSignin } from '@react-native-google-signin/google-signin';
import { googleClientIds } from './config';

GoogleSignin.configure({
  iosClientId: googleClientIds.ios,
  webClientId: googleClientIds.web,
  offlineAccess: true,
});
