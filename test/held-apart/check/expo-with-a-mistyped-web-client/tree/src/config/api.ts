export const GOOGLE_CONFIG = {
  CLIENT_ID: '619850775682-eeqnfa272pla51qh9s7j4j9i9tlwi9rl.apps.googleusercontent.com', // Match backend client ID
  SCOPES: ['openid', 'profile', 'email'],
};
