import { GoogleSignin } from '@react-native-google-signin/google-signin';

GoogleSignin.configure({
  webClientId: '633522001570-zu72irspwroq7atnxivjaid231b5sge8.apps.googleusercontent.com',
  scopes: ['profile', 'email', 'https://www.googleapis.com/auth/contacts.readonly'],
  offlineAccess: true,
});

export const signIn = () => GoogleSignin.signIn();
