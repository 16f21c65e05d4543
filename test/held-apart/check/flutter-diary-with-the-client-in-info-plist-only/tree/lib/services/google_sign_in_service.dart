import 'package:firebase_auth/firebase_auth.dart';
import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  static final GoogleSignIn _googleSignIn = GoogleSignIn();

  static Future<UserCredential?> signIn() async {
    final user = await _googleSignIn.signIn();
    if (user == null) return null;
    final auth = await user.authentication;
    return FirebaseAuth.instance.signInWithCredential(
      GoogleAuthProvider.credential(accessToken: auth.accessToken, idToken: auth.idToken),
    );
  }
}
