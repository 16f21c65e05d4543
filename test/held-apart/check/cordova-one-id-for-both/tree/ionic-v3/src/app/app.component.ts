declare const window: any;

window.plugins.googleplus.trySilentLogin({
  'webClientId': 'webClientId.apps.googleusercontent.com', // optional
  'offline': true
});
