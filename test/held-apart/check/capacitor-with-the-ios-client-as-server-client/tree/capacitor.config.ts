import type { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.rewardhub.official.app',
  appName: 'RewardHub',
  webDir: 'www',
  plugins: {
    GoogleAuth: {
      scopes: ['profile', 'email'],
      serverClientId:
        '296027804825-17qi360v88s4br29ys66hzilcpkjvj8l.apps.googleusercontent.com',
      forceCodeForRefreshToken: true,
    },
  },
};

export default config;
