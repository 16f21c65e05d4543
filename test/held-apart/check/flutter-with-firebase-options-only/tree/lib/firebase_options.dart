import 'package:firebase_core/firebase_core.dart';

class DefaultFirebaseOptions {
  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:crime ios%',
    appId: '1:442779857133:ios:0a1b2c3d4e5f',
    messagingSenderId: '442779857133',
    projectId: 'crime-x',
    iosClientId: '442779857133-0419atl13o8dhai6cdmv7nq4cwfievbl.apps.googleusercontent.com',
    iosBundleId: 'com.example.deshCrimeAlert',
  );
}
