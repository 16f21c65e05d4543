import 'package:google_sign_in/google_sign_in.dart';
import 'app_config.dart';

Future<String?> googleIdToken(String nonce) async {
  await GoogleSignIn.instance.initialize(
    clientId: AppConfig.I.googleIosClientId,
    serverClientId: AppConfig.I.googleWebClientId,
    nonce: nonce,
  );
  final account = await GoogleSignIn.instance.authenticate();
  return account.authentication.idToken;
}
