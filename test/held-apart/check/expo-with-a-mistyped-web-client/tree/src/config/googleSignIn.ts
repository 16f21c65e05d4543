import { GoogleSignin } from '@react-native-google-signin/google-signin';

GoogleSignin.configure({
  webClientId: '619850775682-eegnfa272pla51qh9s7j4j9i9tlwi9rl.apps.googleusercontent.com', // Web client ID
  iosClientId: '619850775682-71pkn880qfn2ne2ukr20r7f0l1acr45u.apps.googleusercontent.com', // iOS client ID
  scopes: ['profile', 'email', 'https://www.googleapis.com/auth/gmail.readonly'],
  offlineAccess: true,
});

export { GoogleSignin };
