import Constants from "expo-constants";
import * as Google from "expo-auth-session/providers/google";

const extra = Constants.expoConfig?.extra ?? {};
const GOOGLE_WEB_CLIENT_ID = extra.googleWebClientId as string;
const GOOGLE_IOS_CLIENT_ID = extra.googleIosClientId as string;

export function useGoogle() {
  const [request, response, promptAsync] = Google.useAuthRequest({
    webClientId: GOOGLE_WEB_CLIENT_ID,
    iosClientId: GOOGLE_IOS_CLIENT_ID,
  });
  return { request, response, promptAsync };
}
