import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

class DefaultFirebaseOptions {
  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:flutterfire ios%',
    appId: '1:615180642703:ios:79de5257c7ec15a5',
    messagingSenderId: '615180642703',
    projectId: 'assignment',
    iosClientId: '615180642703-u7djmu8kl2goaax6wwxavxgjewyuno6f.apps.googleusercontent.com',
    iosBundleId: 'com.example.assignment',
  );

  static const FirebaseOptions macos = FirebaseOptions(
    apiKey: '%AIzaSy:flutterfire ios%',
    appId: '1:615180642703:ios:79de5257c7ec15a5',
    messagingSenderId: '615180642703',
    projectId: 'assignment',
    iosClientId: '615180642703-u7djmu8kl2goaax6wwxavxgjewyuno6f.apps.googleusercontent.com',
    iosBundleId: 'com.example.assignment',
  );
}
