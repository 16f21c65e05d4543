import type { ExpoConfig } from 'expo/config';

export default (): ExpoConfig => ({
  name: 'universal',
  slug: 'universal',
  scheme: 'myapp',
  ios: { supportsTablet: true },
  android: {
    googleServicesFile: process.env.GOOGLE_SERVICES_FILE,
    package: 'com.example.universal',
  },
  plugins: ['expo-router', '@react-native-firebase/app', '@react-native-google-signin/google-signin'],
});
