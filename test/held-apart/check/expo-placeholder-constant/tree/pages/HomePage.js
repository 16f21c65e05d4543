import { GoogleSignin } from "@react-native-google-signin/google-signin";
import { REACT_APP_WEB_CLIENT_ID } from "../firebaseConfig";

GoogleSignin.configure({
  webClientId: REACT_APP_WEB_CLIENT_ID,
});

export const signIn = () => GoogleSignin.signIn();
