import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  Future<Map<String, dynamic>>? signInWithGoogle() async {
    final GoogleSignInAccount? googleUser = await GoogleSignIn().signIn();
    if (googleUser == null) return {};
    final googleAuth = await googleUser.authentication;
    return {
      'fullName': googleUser.displayName!,
      'email': googleUser.email,
      'googleAccessToken': googleAuth.accessToken!,
      'googleId': googleUser.id,
    };
  }
}
