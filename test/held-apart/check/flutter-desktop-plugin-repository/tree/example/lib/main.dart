import 'package:google_sign_in/google_sign_in.dart';
import 'package:sign_in_desktop/sign_in_desktop.dart';

const clientId =
    'YOUR_GOOGLE_SIGN_IN_OAUTH_CLIENT_ID.apps.googleusercontent.com';

void main() {
  SignInDesktop().clientSecret = 'YOUR_GOOGLE_SIGN_IN_OAUTH_CLIENT_SECRET';
  GoogleSignIn.instance.initialize(clientId: clientId);
}
