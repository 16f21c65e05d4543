import 'package:firebase_core/firebase_core.dart';

class DefaultFirebaseOptions {
  static const FirebaseOptions ios = FirebaseOptions(
    apiKey: '%AIzaSy:tagtweaker ios%',
    appId: '1:285314008153:ios:b79072a4f2db9b96167136',
    messagingSenderId: '285314008153',
    projectId: 'tagtweaker-x',
    androidClientId:
        '285314008153-eqvpbmudzzfjdjpkh125s8e07c18ctpm.apps.googleusercontent.com',
    iosClientId:
        '285314008153-zpqiwel4ahc82qo84hxvpzh9vx15s66v.apps.googleusercontent.com',
    iosBundleId: 'com.example.catalogueApp',
  );
}
