import 'package:google_sign_in/google_sign_in.dart';

const List<String> scopes = <String>['email', 'https://www.googleapis.com/auth/contacts.readonly'];

GoogleSignIn _googleSignIn = GoogleSignIn(
  scopes: scopes,
);

Future<void> signIn() => _googleSignIn.signIn();
