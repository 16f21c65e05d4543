import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

class DefaultFirebaseOptions {
  static const FirebaseOptions android = FirebaseOptions(
    apiKey: '%AIzaSy:staff android%',
    appId: '1:718052120207:android:0a0a0a0a0a0a0a0a',
    messagingSenderId: '718052120207',
    projectId: 'staff',
  );

  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:staff ios%',
    appId: '1:718052120207:ios:0a0a0a0a0a0a0a0a',
    messagingSenderId: '718052120207',
    projectId: 'staff',
    iosBundleId: 'com.example.flutterApplication1',
  );
}
