const scheme = process.env.EXPO_PUBLIC_GOOGLE_URL_SCHEME;

module.exports = () => ({
  expo: {
    name: process.env.EXPO_PUBLIC_APP_NAME,
    scheme,
    ios: {
      bundleIdentifier: process.env.EXPO_PUBLIC_BUNDLE_IDENTIFIER,
      infoPlist: { CFBundleURLTypes: [{ CFBundleURLName: 'google', CFBundleURLSchemes: [process.env.EXPO_PUBLIC_GOOGLE_URL_SCHEME] }] },
    },
    plugins: [['@react-native-google-signin/google-signin', { iosUrlScheme: process.env.EXPO_PUBLIC_GOOGLE_URL_SCHEME }]],
  },
});
