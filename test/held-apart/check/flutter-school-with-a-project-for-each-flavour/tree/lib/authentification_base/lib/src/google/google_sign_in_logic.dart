import 'package:firebase_auth/firebase_auth.dart';
import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInLogic {
  final GoogleSignIn _googleSignIn;

  GoogleSignInLogic._(this._googleSignIn);

  factory GoogleSignInLogic() {
    final signIn = GoogleSignIn();
    return GoogleSignInLogic._(signIn);
  }

  Future<AuthCredential> _getCredentials() async {
    final GoogleSignInAccount? googleUser = await _googleSignIn.signIn();
    if (googleUser == null) throw NoGoogleSignAccountSelected();
    final googleAuth = await googleUser.authentication;
    return GoogleAuthProvider.credential(
      accessToken: googleAuth.accessToken,
      idToken: googleAuth.idToken,
    );
  }
}
