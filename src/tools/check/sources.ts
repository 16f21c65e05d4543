/** The public pages that rules cite. */
export const sources = {
  start: 'https://developers.google.com/identity/sign-in/ios/start-integrating',
  offline: 'https://developers.google.com/identity/sign-in/ios/offline-access',
  sdkReversed: 'https://github.com/google/GoogleSignIn-iOS/issues/62',
  sdkRepository: 'https://github.com/google/GoogleSignIn-iOS',
  infoPlist: 'https://developer.apple.com/documentation/bundleresources/information-property-list',
  urlTypes:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/cfbundleurltypes',
  privacy: 'https://developer.apple.com/support/third-party-SDK-requirements/',
  flutterNotRead: 'https://github.com/flutter/flutter/issues/180052',
  reactNative: 'https://react-native-google-signin.github.io/docs/original',
  capacitor: 'https://github.com/CodetrixStudio/CapacitorGoogleAuth',
  capgo: 'https://capgo.app/docs/plugins/social-login/google/android',
  android: 'https://developers.google.com/identity/sign-in/android/offline-access',
  firebaseIos: 'https://firebase.google.com/docs/auth/ios/google-signin',
  firebaseAndroid: 'https://firebase.google.com/docs/auth/android/google-signin',
  clients: 'https://support.google.com/cloud/answer/15549257',
  crossClient: 'https://developers.google.com/identity/protocols/oauth2/cross-client-identity',
  webServer: 'https://developers.google.com/identity/protocols/oauth2/web-server',
  nativeApp: 'https://developers.google.com/identity/protocols/oauth2/native-app',
  bestPractices: 'https://developers.google.com/identity/protocols/oauth2/resources/best-practices',
  keys: 'https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys',
} as const;
