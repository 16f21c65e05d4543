export const environment = {
  production: false,
  firebase: {
    apiKey: '%AIzaSy:rubber web%',
    projectId: 'rubber',
    messagingSenderId: '109973854015',
    webClientId: '109973854015-b51x8p0prgb0gbtu42st4syaqosnzmpm.apps.googleusercontent.com',
    androidClientId: '109973854015-zbx0wc46ldfpmjulkvasjeeqkonbrsfb.apps.googleusercontent.com',
  },
};
