import type { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.example.run',
  appName: 'Run',
  webDir: 'dist',
  ios: { scheme: 'run' },
};

export default config;
