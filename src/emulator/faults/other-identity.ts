/** Who faults put in the place of whoever it should be. */
export const OTHER_SUB = '100000000000000000001';
export const OTHER_EMAIL = 'somebody.else@example.net';
/** The client that faults put in the place of the one it should be. */
export const OTHER_CLIENT = '100000000000-another0client.apps.googleusercontent.com';
