import { GoogleSignin } from '@react-native-google-signin/google-signin';

export const configureGoogleSignIn = () => {
GoogleSignin.configure({
  scopes: ['email', 'profile'],
  webClientId:
    '42798876481-8f64lrywwhasu9twghbsqmghtoovg8uo.apps.googleusercontent.com',
  offlineAccess: true,
  forceCodeForRefreshToken: true,
  iosClientId:
    '42798876481-znsb0sflan6doekhxvronrwwl1hx8vjn.apps.googleusercontent.com',
});
};
