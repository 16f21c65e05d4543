import { ExpoConfig, ConfigContext } from 'expo/config';

export default ({ config }: ConfigContext): ExpoConfig => ({
  ...config,
  name: 'app-order',
  slug: 'app-order',
  ios: { supportsTablet: true },
  android: { package: 'com.example.apporder', permissions: ['BLUETOOTH_CONNECT'] },
  extra: { googleClientId: process.env.GOOGLE_CLIENT_ID },
  plugins: ['expo-secure-store', '@react-native-google-signin/google-signin'],
});
