import 'package:firebase_auth/firebase_auth.dart';
import 'package:google_sign_in/google_sign_in.dart';

class AuthRepository {
  final FirebaseAuth _auth = FirebaseAuth.instance;

  static final GoogleSignIn _googleSignIn = GoogleSignIn.instance;
  static final Future<void>
  _googleSignInInitialization = _googleSignIn.initialize(
    serverClientId:
        '114735180066-69y53j43ok7fjta1vm78q0e3kp9659iu.apps.googleusercontent.com',
  );

  Future<UserCredential> signInWithGoogle() async {
    await _googleSignInInitialization;
    final GoogleSignInAccount googleUser = await _googleSignIn.authenticate(
      scopeHint: const <String>['email', 'profile'],
    );
    final idToken = googleUser.authentication.idToken;
    if (idToken == null) throw Exception('Failed to get ID token from Google');
    return _auth.signInWithCredential(GoogleAuthProvider.credential(idToken: idToken));
  }
}
