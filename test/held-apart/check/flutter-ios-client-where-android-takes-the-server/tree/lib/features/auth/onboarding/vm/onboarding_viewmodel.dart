import 'package:flutter_riverpod/flutter_riverpod.dart';
import 'package:google_sign_in/google_sign_in.dart';

class OnboardingViewModel extends StateNotifier<OnboardingState> {
  OnboardingViewModel() : super(OnboardingState(page: 0));

  final GoogleSignIn _googleSignIn = GoogleSignIn(
    clientId:
        "163937197238-988g5atzm3x50ywtut1b0qbdltq0i0fc.apps.googleusercontent.com",
    scopes: ['email', 'profile'],
  );

  Future<void> signInAndGetGoogleToken() async {
    await _googleSignIn.signOut();
    final GoogleSignInAccount? googleUser = await _googleSignIn.signIn();
    if (googleUser == null) return;
    final googleAuth = await googleUser.authentication;
    await _authService.googleLogin(idToken: googleAuth.idToken);
  }
}
