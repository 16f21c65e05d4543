import 'package:sign_in_desktop/sign_in_desktop.dart';

void main() {
  SignInDesktop().init(clientId: 'TestClientId');
}
