import { useEffect } from 'react';
import { GoogleSignin } from 'react-native-sign-in-new';
import { WEB_CLIENT_ID } from '@env';

export function App() {
  useEffect(() => GoogleSignin.configure({ webClientId: WEB_CLIENT_ID }), []);
  return null;
}
