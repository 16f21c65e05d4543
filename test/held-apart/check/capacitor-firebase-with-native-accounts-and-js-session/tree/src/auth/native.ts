import { registerPlugin } from "@capacitor/core";
import { GoogleAuthProvider, getAuth, signInWithCredential } from "firebase/auth";

const FirebaseAuthentication = registerPlugin<any>("FirebaseAuthentication");

export async function signInWithGoogle(): Promise<void> {
  const result = await FirebaseAuthentication.signInWithGoogle({
    skipNativeAuth: true,
    useCredentialManager: true,
  });
  const idToken = result.credential?.idToken;
  if (!idToken) throw new Error("no ID token");
  await signInWithCredential(getAuth(), GoogleAuthProvider.credential(idToken, result.credential?.accessToken));
}
