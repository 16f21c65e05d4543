import 'package:google_sign_in/google_sign_in.dart';

class LoginView {
  final GoogleSignIn _googleSignIn = GoogleSignIn(
    scopes: ['email', 'profile'],
  );

  Future<String?> handleGoogleSignIn() async => (await _googleSignIn.signIn())?.email;
}
