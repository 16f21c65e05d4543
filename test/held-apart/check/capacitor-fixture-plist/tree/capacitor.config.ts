const config = {
  appId: "com.example.bodyscan",
  appName: "BodyScan",
  webDir: "dist",
  plugins: {
    FirebaseAuthentication: { skipNativeAuth: true, providers: ["google.com", "apple.com"] },
  },
} as const;

export default config;
