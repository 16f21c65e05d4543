import 'package:firebase_auth/firebase_auth.dart';
import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInProvider {
  final googleSignIn = GoogleSignIn();

  Future<void> login() async {
    final user = await googleSignIn.signIn();
    if (user == null) return;
    final tokens = await user.authentication;
    await FirebaseAuth.instance.signInWithCredential(
      GoogleAuthProvider.credential(accessToken: tokens.accessToken, idToken: tokens.idToken),
    );
  }
}
