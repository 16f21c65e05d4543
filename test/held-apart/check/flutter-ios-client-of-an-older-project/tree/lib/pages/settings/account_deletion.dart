import 'package:google_sign_in/google_sign_in.dart';

Future<void> signOutEverywhere() async {
  final googleSignIn = GoogleSignIn();
  await googleSignIn.signOut();
}
