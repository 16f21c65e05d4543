import { NativeModules } from 'react-native';

let webClientId: string | null = null;

export const GoogleSignin = {
  configure(options: { webClientId: string }) {
    webClientId = options.webClientId;
  },
  signIn() {
    if (!webClientId) throw new Error('webClientId is null');
    return NativeModules.SignInNew.signIn({ webClientId });
  },
};
