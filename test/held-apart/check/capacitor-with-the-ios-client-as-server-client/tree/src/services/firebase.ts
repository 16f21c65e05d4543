import { GoogleAuth } from '@codetrix-studio/capacitor-google-auth';

const PRODUCTION_WEB_CLIENT_ID = "296027804825-ua5y3fc6biad7atnjbsj8e0la2sxb7g1.apps.googleusercontent.com";

export function init() {
  GoogleAuth.initialize({
    clientId: PRODUCTION_WEB_CLIENT_ID,
    scopes: ['profile', 'email'],
    grantOfflineAccess: true,
  });
}

export async function signIn() {
  const user = await GoogleAuth.signIn();
  return user.authentication.idToken;
}
