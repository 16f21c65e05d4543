import { GoogleSignin } from '@react-native-google-signin/google-signin';

GoogleSignin.configure({
  webClientId: 'PLACEHOLDER_WEB_CLIENT_ID', // Replace with actual Web Client ID from Google Cloud
  iosClientId: 'PLACEHOLDER_IOS_CLIENT_ID', // Replace if needed for iOS
});

export default function SignupScreen() {
  const handleGoogle = async () => {
    await GoogleSignin.hasPlayServices();
    const response = await GoogleSignin.signIn();
    if (response.type === 'success') {
      const idToken = response.data.idToken;
      await fetch('https://api.example.com/auth/google', {
        method: 'POST',
        body: JSON.stringify({ id_token: idToken }),
      });
    }
  };
  return null;
}
