import 'package:flutter_dotenv/flutter_dotenv.dart';
import 'package:google_sign_in/google_sign_in.dart';

class GmailAuth {
  static const scopes = ['https://www.googleapis.com/auth/gmail.readonly'];
  bool _initialized = false;

  Future<void> _ensureInitialized() async {
    if (_initialized) return;
    await GoogleSignIn.instance.initialize(
      clientId: dotenv.maybeGet('GOOGLE_CLIENT_ID'),
    );
    _initialized = true;
  }

  Future<String?> addAccount() async {
    await _ensureInitialized();
    final account = await GoogleSignIn.instance.authenticate(scopeHint: scopes);
    final authorization = await account.authorizationClient.authorizeScopes(scopes);
    return authorization.accessToken;
  }
}
