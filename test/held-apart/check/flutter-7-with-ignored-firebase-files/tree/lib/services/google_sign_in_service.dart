import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  static final GoogleSignIn instance = GoogleSignIn.instance;
  static Future<void>? _initialization;

  static Future<void> ensureInitialized() => _initialization ??= instance.initialize();

  static Future<String?> accessToken(GoogleSignInAccount account, List<String> scopes) async {
    final granted = await account.authorizationClient.authorizeScopes(scopes);
    return granted.accessToken;
  }
}
