import * as Google from 'expo-auth-session/providers/google';

export const useGoogle = () =>
  Google.useAuthRequest({
    androidClientId: "626623817925-1zl6wkiwdw9dwt8vcep5v012q75nyrar.apps.googleusercontent.com",
    iosClientId: "626623817925-ogvgpvwewhbrpyh5y1fchsdnzcfet58l.apps.googleusercontent.com",
    webClientId: "626623817925-rrmq7u2kxlbonl7qcupezap1yvca9722.apps.googleusercontent.com",
  });
