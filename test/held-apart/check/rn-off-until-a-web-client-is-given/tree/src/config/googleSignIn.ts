/** Web client ID of the Firebase project; empty switches Google sign-in off. */
export const GOOGLE_WEB_CLIENT_ID = '';
