import 'package:firebase_auth/firebase_auth.dart';
import 'package:flutter/foundation.dart' show kIsWeb;
import 'package:google_sign_in/google_sign_in.dart';

class FirebaseAuthService {
  final GoogleSignIn _googleSignIn = GoogleSignIn(
    clientId: kIsWeb
        ? '114763958707-9jqx5i5qxhssippvt7q0hbgi5gcm6ay1.apps.googleusercontent.com'
        : null,
  );

  Future<UserCredential?> signInWithGoogle() async {
    final user = await _googleSignIn.signIn();
    if (user == null) return null;
    final auth = await user.authentication;
    return FirebaseAuth.instance.signInWithCredential(
      GoogleAuthProvider.credential(accessToken: auth.accessToken, idToken: auth.idToken),
    );
  }
}
