import { CapacitorConfig } from "@capacitor/cli";

const config: CapacitorConfig = {
  appId: "io.example.lists",
  appName: "lists",
  webDir: "www",
  server: {
    androidScheme: "https"
  },
  plugins: {
    GoogleAuth: {
      scopes: ["profile", "email"],
      serverClientId: "382017367716-f3gwv44t9ijz6uq5q919xe91wkrfokee.apps.googleusercontent.com",
      forceCodeForRefreshToken: true,
    }
  }
};

export default config;
