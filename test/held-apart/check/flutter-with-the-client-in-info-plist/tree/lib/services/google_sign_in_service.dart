import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInServiceImpl {
  // the web client (client_type: 3) of google-services.json
  static const _webClientId =
      '2658836722877-xqs72qav7yd6pfw1jz6pnr5b7o4o80v1.apps.googleusercontent.com';

  final GoogleSignIn _google = GoogleSignIn(
    scopes: const ['email', 'profile', 'openid'],
    serverClientId: _webClientId,
  );

  Future<String?> signIn() async => (await (await _google.signIn())?.authentication)?.idToken;
}
