import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  final GoogleSignIn _googleSignIn = GoogleSignIn();

  Future<String?> signInWithGoogle(Future<String?> Function(String) post) async {
    final GoogleSignInAccount? googleUser = await _googleSignIn.signIn();
    if (googleUser == null) return null;
    final idToken = (await googleUser.authentication).idToken;
    if (idToken == null) throw Exception('No ID Token received from Google');
    return post(idToken);
  }
}
