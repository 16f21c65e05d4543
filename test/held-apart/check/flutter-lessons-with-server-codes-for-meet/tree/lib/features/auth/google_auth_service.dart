import 'package:google_sign_in/google_sign_in.dart';

class GoogleAuthService {
  final GoogleSignIn _googleSignIn = GoogleSignIn.instance;
  bool _isInitialized = false;

  GoogleSignIn get googleSignIn => _googleSignIn;

  Future<void> initialize() async {
    if (_isInitialized) return;
    await _googleSignIn.initialize(
      serverClientId: '364555756508-cpk1lu7trofa12y2nzk1iztdfgz3ba24.apps.googleusercontent.com',
    );
    _isInitialized = true;
  }
}
