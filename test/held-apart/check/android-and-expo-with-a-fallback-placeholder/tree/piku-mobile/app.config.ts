import type { ExpoConfig } from "expo/config";

const GOOGLE_WEB_CLIENT_ID =
  process.env.EXPO_PUBLIC_GOOGLE_WEB_CLIENT_ID ??
  "TU_WEB_CLIENT_ID.apps.googleusercontent.com";
const GOOGLE_IOS_CLIENT_ID =
  process.env.EXPO_PUBLIC_GOOGLE_IOS_CLIENT_ID ?? GOOGLE_WEB_CLIENT_ID;

const config: ExpoConfig = {
  name: "Piku",
  slug: "piku",
  scheme: "piku",
  ios: { bundleIdentifier: "com.example.piku" },
  android: { package: "com.example.piku" },
  plugins: ["expo-router"],
  extra: {
    googleWebClientId: GOOGLE_WEB_CLIENT_ID,
    googleIosClientId: GOOGLE_IOS_CLIENT_ID,
  },
};

export default config;
