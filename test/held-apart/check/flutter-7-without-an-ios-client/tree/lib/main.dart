import 'package:flutter/material.dart';
import 'services/google_sign_in_service.dart';

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  // the web client, required on Android
  await GoogleSignInService.instance.initialize(
    serverClientId:
        '285314008153-xf6skh6qaw3jj86ocfbms19nidx02egp.apps.googleusercontent.com',
  );
}
