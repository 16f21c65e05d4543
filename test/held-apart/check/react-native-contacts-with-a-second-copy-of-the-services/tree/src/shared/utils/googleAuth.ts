import { GoogleSignin } from '@react-native-google-signin/google-signin';

// configure once at app startup
GoogleSignin.configure({
  webClientId: '991135950070-n4swzjv1luus37xp60fuqplo3zbjp3i3.apps.googleusercontent.com',
  scopes: ['profile', 'email', 'https://www.googleapis.com/auth/contacts.readonly'],
  offlineAccess: true,
  profileImageSize: 120,
});

export async function signInWithGoogle() {
  await GoogleSignin.hasPlayServices({ showPlayServicesUpdateDialog: true });
  return GoogleSignin.signIn();
}
