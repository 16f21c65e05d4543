import { GooglePlus } from '@ionic-native/google-plus';

export const login = (plugin: GooglePlus) =>
  plugin.login({
    'webClientId': '551944906698-2i7q5uoe2q6pn9vcw9bzjlsfunnuw7ig.apps.googleusercontent.com',
    'offline': true
  });
