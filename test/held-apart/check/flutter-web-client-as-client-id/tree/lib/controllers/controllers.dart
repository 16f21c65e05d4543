import 'package:google_sign_in/google_sign_in.dart';

class AuthService {
  final GoogleSignIn _googleSignIn = GoogleSignIn(
    clientId: '734337692892-bvfa15hicpaaqkc3t2ke52rgjr7owbk3.apps.googleusercontent.com',
  );

  Future<String?> signIn() async {
    final account = await _googleSignIn.signIn();
    final tokens = await account?.authentication;
    return tokens?.idToken;
  }
}
