import 'package:google_sign_in/google_sign_in.dart';

class AuthService {
  final GoogleSignIn _googleSignIn = GoogleSignIn(scopes: ['email']);

  Future<String?> signIn() async {
    final account = await _googleSignIn.signIn();
    final tokens = await account?.authentication;
    return tokens?.idToken;
  }
}
