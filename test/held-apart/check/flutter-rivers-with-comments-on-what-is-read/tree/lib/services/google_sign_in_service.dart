import 'package:firebase_auth/firebase_auth.dart';
import 'package:flutter/foundation.dart' show kIsWeb;
import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  static GoogleSignIn? _googleSignInInstance;

  static GoogleSignIn get _googleSignIn {
    if (_googleSignInInstance == null) {
      if (kIsWeb) {
        // clientId is configured via the meta tag of index.html
        _googleSignInInstance = GoogleSignIn(scopes: ['email', 'profile']);
      } else {
        // - iOS: GoogleService-Info.plist (CLIENT_ID)
        // - Android: google-services.json (client_id)
        _googleSignInInstance = GoogleSignIn(scopes: ['email', 'profile']);
      }
    }
    return _googleSignInInstance!;
  }

  static Future<UserCredential?> signInWithGoogle() async {
    if (kIsWeb) return FirebaseAuth.instance.signInWithPopup(GoogleAuthProvider());
    final googleUser = await _googleSignIn.signIn();
    if (googleUser == null) return null;
    final auth = await googleUser.authentication;
    return FirebaseAuth.instance.signInWithCredential(
      GoogleAuthProvider.credential(accessToken: auth.accessToken, idToken: auth.idToken),
    );
  }
}
