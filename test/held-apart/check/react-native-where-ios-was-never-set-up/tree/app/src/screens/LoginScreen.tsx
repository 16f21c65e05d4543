import React from 'react';
import { GoogleSignin } from '@react-native-google-signin/google-signin';
import { loginWithGoogle } from '../services/authService';

export default function LoginScreen({ onLoginSuccess }) {
  const onGooglePress = async () => {
    await GoogleSignin.hasPlayServices({ showPlayServicesUpdateDialog: true });
    await GoogleSignin.signOut();
    const userInfo = await GoogleSignin.signIn();
    const idToken = userInfo.data?.idToken;
    if (!idToken) throw new Error('No idToken returned from Google');
    await loginWithGoogle(idToken);
    onLoginSuccess();
  };
  return null;
}
