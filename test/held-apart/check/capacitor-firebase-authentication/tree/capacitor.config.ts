import type { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.example.menu',
  appName: 'Menu',
  webDir: 'dist',
  plugins: {
    FirebaseAuthentication: { skipNativeAuth: false, providers: ['google.com', 'apple.com'] },
    FacebookLogin: { appId: '1195950000000000' },
  },
};

export default config;
