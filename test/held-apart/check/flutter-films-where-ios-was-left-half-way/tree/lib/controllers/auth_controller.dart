import 'package:firebase_auth/firebase_auth.dart';
import 'package:google_sign_in/google_sign_in.dart';

class AuthController {
  final GoogleSignIn _googleSignIn = GoogleSignIn(scopes: [
    'https://www.googleapis.com/auth/user.birthday.read',
    'https://www.googleapis.com/auth/user.gender.read',
  ]);

  Future<UserCredential?> signInWithGoogle() async {
    final user = await _googleSignIn.signIn();
    if (user == null) return null;
    final auth = await user.authentication;
    return FirebaseAuth.instance.signInWithCredential(
      GoogleAuthProvider.credential(accessToken: auth.accessToken, idToken: auth.idToken),
    );
  }
}
