import { GoogleSignin } from '@react-native-google-signin/google-signin';

GoogleSignin.configure({
  scopes: ['email', 'profile'],
  webClientId:
    '42798876481-znsb0sflan6doekhxvronrwwl1hx8vjn.apps.googleusercontent.com',
  offlineAccess: true,
  forceCodeForRefreshToken: true,
  iosClientId:
    '42798876481-znsb0sflan6doekhxvronrwwl1hx8vjn.apps.googleusercontent.com',
});

export default function Login() {
  const onGoogle = async () => {
    await GoogleSignin.hasPlayServices();
    const result = await GoogleSignin.signIn();
    return result.data?.user;
  };
  return null;
}
