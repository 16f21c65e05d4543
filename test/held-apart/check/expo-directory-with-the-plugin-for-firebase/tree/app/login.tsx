import { GoogleSignin } from "@react-native-google-signin/google-signin";
import { useEffect } from "react";
import { configureGoogleSignIn } from "../config/ConfigGoogleSignIn";

export default function Login() {
  useEffect(() => {
    configureGoogleSignIn();
  });

  const signIn = async () => {
    await GoogleSignin.hasPlayServices();
    const userInfo = await GoogleSignin.signIn();
    return userInfo;
  };
  return null;
}
