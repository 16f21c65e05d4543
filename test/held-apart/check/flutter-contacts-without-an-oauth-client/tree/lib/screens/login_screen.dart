import 'package:firebase_auth/firebase_auth.dart';
import 'package:flutter/material.dart';
import 'package:google_sign_in/google_sign_in.dart';

import '../auth_config.dart';

class _LoginScreenState extends State<LoginScreen> {
  Future<void> _signInWithGoogle() async {
    final googleSignIn = GoogleSignIn(
      serverClientId: kGoogleWebClientId.isEmpty ? null : kGoogleWebClientId,
    );
    final googleUser = await googleSignIn.signIn();
    if (googleUser == null) return;
    final googleAuth = await googleUser.authentication;
    final credential = GoogleAuthProvider.credential(
      accessToken: googleAuth.accessToken,
      idToken: googleAuth.idToken,
    );
    await FirebaseAuth.instance.signInWithCredential(credential);
  }
}
