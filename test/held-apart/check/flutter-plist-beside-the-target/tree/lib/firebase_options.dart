import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

class DefaultFirebaseOptions {
  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:flutterfire ios%',
    appId: '1:349916198711:ios:79de5257c7ec15a5',
    messagingSenderId: '349916198711',
    projectId: 'assignment',
    iosClientId: '349916198711-3mlwjnoom8j5zb1o66qh81mhf2bcf0qd.apps.googleusercontent.com',
    iosBundleId: 'com.example.assignment',
  );
}
