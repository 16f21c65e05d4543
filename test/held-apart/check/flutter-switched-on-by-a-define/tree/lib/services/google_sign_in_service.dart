import 'package:google_sign_in/google_sign_in.dart';
import '../core/config.dart';

class GoogleSignInService {
  bool get isConfigured =>
      AppConfig.googleServerClientId.isNotEmpty && GoogleSignIn.instance.supportsAuthenticate();

  Future<String?> signIn() async {
    await GoogleSignIn.instance.initialize(
      // the web client, whose ID is the audience of the token
      serverClientId: AppConfig.googleServerClientId,
    );
    final account = await GoogleSignIn.instance.authenticate();
    return account.authentication.idToken;
  }
}
