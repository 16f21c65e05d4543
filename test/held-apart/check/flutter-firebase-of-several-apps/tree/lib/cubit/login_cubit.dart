import 'package:google_sign_in/google_sign_in.dart';

class LoginCubit {
  Future<GoogleSignInAccount?> loginWithGoogle() async {
    final googleSignIn = GoogleSignIn();
    return googleSignIn.signIn();
  }
}
