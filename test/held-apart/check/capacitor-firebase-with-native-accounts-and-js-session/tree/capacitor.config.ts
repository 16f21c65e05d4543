const config = {
  appId: "com.example.body",
  appName: "Body",
  webDir: "dist",
  server: {
    allowNavigation: ["*.googleapis.com", "*.google.com"],
  },
  plugins: {
    FirebaseAuthentication: {
      skipNativeAuth: true,
      providers: ["google.com", "apple.com"],
    },
  },
} as const;

export default config;
