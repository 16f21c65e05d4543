import { GoogleSignin } from '@react-native-google-signin/google-signin';

GoogleSignin.configure({
  scopes: ['email', 'profile'],
  webClientId:
    '115261049454-26u5vd99wyo1w0iiaknmqvpdp4h8rrxu.apps.googleusercontent.com',
  offlineAccess: true,
  forceCodeForRefreshToken: true,
  iosClientId:
    '115261049454-26u5vd99wyo1w0iiaknmqvpdp4h8rrxu.apps.googleusercontent.com',
});
