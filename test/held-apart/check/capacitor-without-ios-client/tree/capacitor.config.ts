import { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'io.ionic.starter',
  appName: 'ionic-mobile-app',
  webDir: 'www',
  plugins: {
    GoogleAuth: {
      scopes: ["profile", "email"],
      serverClientId: "829615235717-wna7vji0q75t2hs21757erpp4v36bbqi.apps.googleusercontent.com",
      forceCodeForRefreshToken: true,
    }
  }
};

export default config;
