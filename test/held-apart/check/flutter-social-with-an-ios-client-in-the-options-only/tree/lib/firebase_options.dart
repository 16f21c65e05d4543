import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

class DefaultFirebaseOptions {
  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:social ios%',
    appId: '1:658637235819:ios:0b0b0b0b0b0b0b0b',
    messagingSenderId: '658637235819',
    projectId: 'social',
    iosClientId: '658637235819-o0475e57i8a2udyipyq1su5p2nft3gv2.apps.googleusercontent.com',
    iosBundleId: 'com.example.social',
  );

  static const FirebaseOptions macos = FirebaseOptions(
    apiKey: '%AIzaSy:social ios%',
    appId: '1:658637235819:ios:0b0b0b0b0b0b0b0b',
    messagingSenderId: '658637235819',
    projectId: 'social',
    iosClientId: '658637235819-o0475e57i8a2udyipyq1su5p2nft3gv2.apps.googleusercontent.com',
    iosBundleId: 'com.example.social',
  );

}
