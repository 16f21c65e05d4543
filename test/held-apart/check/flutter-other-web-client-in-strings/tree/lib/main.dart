import 'package:google_sign_in/google_sign_in.dart';

class AuthService {
  final GoogleSignIn _googleSignIn = GoogleSignIn(
    scopes: ['https://www.googleapis.com/auth/drive.file'],
    serverClientId: '677854221892-gusjlrrrmlvgrhzzurfj5re06c2yd3qr.apps.googleusercontent.com',
  );

  Future<String?> signIn() async {
    final account = await _googleSignIn.signIn();
    final tokens = await account?.authentication;
    return tokens?.idToken;
  }
}
