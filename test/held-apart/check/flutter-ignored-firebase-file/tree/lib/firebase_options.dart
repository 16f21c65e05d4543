import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

const ios = FirebaseOptions(
  apiKey: '%AIzaSy:statements ios%',
  appId: '1:650599927894:ios:88f0a47ca754ea523f4a92',
  messagingSenderId: '650599927894',
  projectId: 'statements',
  androidClientId: '650599927894-376bea4azp71xubeh7ykirsd2xq3uxda.apps.googleusercontent.com',
  iosClientId: '650599927894-smsays6dhwiqbf7nix12a0tdvgkt0v6h.apps.googleusercontent.com',
  iosBundleId: 'com.example.statements',
);
