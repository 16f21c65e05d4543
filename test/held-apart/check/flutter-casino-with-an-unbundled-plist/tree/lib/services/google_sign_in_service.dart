import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  final GoogleSignIn _google = GoogleSignIn(
    // serverClientId: APIKeys.googleSignInServerClientId,
    // clientId: APIKeys.googleSignInClientId,
  );

  Future<String?> signIn() async {
    final account = await _google.signIn();
    final auth = await account?.authentication;
    return auth?.idToken;
  }
}
