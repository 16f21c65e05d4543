import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

class DefaultFirebaseOptions {
  static const FirebaseOptions android = FirebaseOptions(
    apiKey: '%AIzaSy:quest android%',
    appId: '1:901785828718:android:322d188cb256edf960c84c',
    messagingSenderId: '901785828718',
    projectId: 'quest',
  );

  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:quest ios%',
    appId: '1:901785828718:ios:6a3be052391ac2a1937205',
    messagingSenderId: '901785828718',
    projectId: 'quest',
    iosClientId: '901785828718-mxloi4cl6qxtwkin63uusqr5i9s8u4tb.apps.googleusercontent.com',
    iosBundleId: 'com.example.questApp',
  );
}
