import 'package:firebase_core/firebase_core.dart' show FirebaseOptions;

class DefaultFirebaseOptions {
  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:calli ios%',
    appId: '1:364555756508:ios:0c0c0c0c0c0c0c0c',
    messagingSenderId: '364555756508',
    projectId: 'calli',
    iosClientId: '364555756508-yow9np74w0jwovp1pzb1q2sqbgbwm2fi.apps.googleusercontent.com',
    iosBundleId: 'com.example.lessonsApp',
  );
}
