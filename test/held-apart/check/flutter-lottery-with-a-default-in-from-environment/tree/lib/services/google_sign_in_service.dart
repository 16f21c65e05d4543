import 'package:flutter/foundation.dart';
import 'package:google_sign_in/google_sign_in.dart';

const googleOAuthClientId = String.fromEnvironment(
  'GOOGLE_CLIENT_ID',
  defaultValue:
      '649088186011-tlzasyo34a13un0sm7hd4alu69tdqxel.apps.googleusercontent.com',
);

class GoogleSignInService {
  GoogleSignInService._();

  static final instance = GoogleSignInService._();
  final GoogleSignIn _googleSignIn = GoogleSignIn.instance;

  Future<void> initialize() => _googleSignIn.initialize(
        clientId: kIsWeb ? googleOAuthClientId : null,
        serverClientId: kIsWeb ? null : googleOAuthClientId,
      );

  Future<String?> signIn() async => (await _googleSignIn.authenticate()).authentication.idToken;
}
