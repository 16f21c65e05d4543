import { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.example.notes',
  appName: 'Notes',
  webDir: 'dist',
  plugins: {
    SocialLogin: {
      google: {
        webClientId: '939140507852-8126f0yqk5nz46es3i7sishnqrlfpuhj.apps.googleusercontent.com',
      },
    },
  },
};

export default config;
