import React, { createContext, useCallback, useEffect } from 'react';
import { Capacitor } from '@capacitor/core';
import { SocialLogin, GoogleLoginResponseOnline } from '@capgo/capacitor-social-login';

const GOOGLE_WEB_CLIENT_ID = '939140507852-8126f0yqk5nz46es3i7sishnqrlfpuhj.apps.googleusercontent.com';

const SCOPES = ['profile', 'email', 'https://www.googleapis.com/auth/drive.appdata'];

export function GoogleAuthProvider({ children }: Props) {
  const platform = Capacitor.getPlatform();

  useEffect(() => {
    if (platform === 'web') return;
    SocialLogin.initialize({
      google: {
        webClientId: GOOGLE_WEB_CLIENT_ID,
        mode: 'online',
      },
    });
  }, [platform]);

  const signInNative = useCallback(async () => {
    const response = await SocialLogin.login({
      provider: 'google',
      options: {
        scopes: SCOPES,
      },
    });
    const result = response.result as GoogleLoginResponseOnline;
    return result.accessToken?.token;
  }, []);

  return <GoogleAuthContext.Provider value={{ signInNative }}>{children}</GoogleAuthContext.Provider>;
}
