import 'package:firebase_core/firebase_core.dart';

Future<void> main() async {
  await Firebase.initializeApp(
    options: const FirebaseOptions(
      apiKey: String.fromEnvironment('FIREBASE_OPTIONS_API_KEY'),
      appId: String.fromEnvironment('FIREBASE_OPTIONS_APP_ID'),
      messagingSenderId: String.fromEnvironment('FIREBASE_OPTIONS_SENDER_ID'),
      projectId: String.fromEnvironment('FIREBASE_OPTIONS_PROJECT_ID'),
      iosClientId: String.fromEnvironment('FIREBASE_OPTIONS_IOS_CLIENT_ID'),
    ),
  );
}
