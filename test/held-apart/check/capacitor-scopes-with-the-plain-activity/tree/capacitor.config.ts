import { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.example.rubber',
  appName: 'Rubber',
  webDir: 'www',
  server: {
    androidScheme: 'https',
  },
};

export default config;
