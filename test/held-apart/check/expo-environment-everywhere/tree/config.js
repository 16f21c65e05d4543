const env = {
  IOS: process.env.EXPO_PUBLIC_IOS_CLIENT_ID,
  WEB: process.env.EXPO_PUBLIC_WEB_CLIENT_ID,
};

export const googleClientIds = { ios: env.IOS, web: env.WEB };
export const googleURLScheme = `com.googleusercontent.apps.${env.IOS.split('.')[0]}`;
