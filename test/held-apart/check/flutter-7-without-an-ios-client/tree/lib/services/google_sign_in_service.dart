import 'package:google_sign_in/google_sign_in.dart';

class GoogleSignInService {
  static final instance = GoogleSignInService();
  final GoogleSignIn _google = GoogleSignIn.instance;

  Future<void> initialize({String? clientId, String? serverClientId}) async {
    await _google.initialize(clientId: clientId, serverClientId: serverClientId);
  }

  Future<String?> signIn() async {
    final user = await _google.authenticate();
    return user.authentication.idToken;
  }
}
