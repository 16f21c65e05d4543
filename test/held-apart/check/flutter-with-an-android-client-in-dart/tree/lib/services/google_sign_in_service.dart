import 'package:firebase_auth/firebase_auth.dart';
import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  static final GoogleSignIn _googleSignIn = GoogleSignIn(
    clientId: '522680657959-hik24dzr28a5qwdyh7tls7i7bcxx128x.apps.googleusercontent.com', // needed on the web
  );

  static Future<UserCredential?> signInWithGoogle() async {
    final user = await _googleSignIn.signIn();
    if (user == null) return null;
    final auth = await user.authentication;
    final credential = GoogleAuthProvider.credential(accessToken: auth.accessToken, idToken: auth.idToken);
    return FirebaseAuth.instance.signInWithCredential(credential);
  }
}
