const getEnvVar = (name: string, fallback = '') => process.env[name] ?? fallback;

export const GOOGLE_CONFIG = {
  WEB_CLIENT_ID: getEnvVar(
    'EXPO_PUBLIC_GOOGLE_WEB_CLIENT_ID',
    '674659939648-varx1h0szvs4okd97xe782uybe5gz697.apps.googleusercontent.com',
  ),
};
