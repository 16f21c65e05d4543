import 'dart:io';

import 'package:flutter/foundation.dart' show kIsWeb;
import 'package:flutter_dotenv/flutter_dotenv.dart';
import 'package:google_sign_in/google_sign_in.dart';

import 'desktop_oauth_handler.dart';

class AuthService {
  GoogleSignIn get _googleSignIn => GoogleSignIn.instance;
  final DesktopOAuthHandler _desktop = DesktopOAuthHandler();

  Future<void> initialize() async {
    if (!kIsWeb && (Platform.isIOS || Platform.isAndroid)) {
      await _googleSignIn.initialize();
    }
  }

  Future<String?> signInWithGoogle() async {
    if (!kIsWeb && (Platform.isWindows || Platform.isMacOS || Platform.isLinux)) {
      final clientId = dotenv.env['GOOGLE_OAUTH_CLIENT_ID'] ?? dotenv.env['GOOGLE_CLIENT_ID'] ?? '';
      final clientSecret = dotenv.env['GOOGLE_OAUTH_CLIENT_SECRET'] ?? dotenv.env['GOOGLE_CLIENT_SECRET'] ?? '';
      return _desktop.run(clientId: clientId, clientSecret: clientSecret);
    }
    final account = await _googleSignIn.authenticate();
    return account.authentication.idToken;
  }
}
