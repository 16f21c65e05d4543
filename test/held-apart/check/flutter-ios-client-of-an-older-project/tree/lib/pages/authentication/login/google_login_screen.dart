import 'dart:io' show Platform;
import 'package:google_sign_in/google_sign_in.dart';

class _GoogleLoginState extends ConsumerState<GoogleLogin> {
  static const String _iosClientId =
      '103476605969-vxv58uq9wtqk6hdjnkvosywsqs6eauzv.apps.googleusercontent.com';

  // Android uses WEB client ID (NOT the Android client ID!)
  static const String _webClientId =
      '290506155827-jm5xt0y1so3oug60hik1l6z8i3fxvhbf.apps.googleusercontent.com';

  // This is ONLY for backend validation (optional)
  static const String _androidClientId =
      '103476605969-ursfihmfgjjaawpdarlso3gu3u8bclmy.apps.googleusercontent.com';

  Future<void> _signInWithGoogle() async {
    if (Platform.isIOS || Platform.isAndroid) {
      await _signInWithGoogleNative();
    } else {
      await _signInWithGoogleWebView();
    }
  }

  Future<void> _signInWithGoogleNative() async {
    final googleSignIn = GoogleSignIn(
      scopes: const ['email', 'profile'],
      // iOS uses clientId, Android uses serverClientId
      clientId: Platform.isIOS ? _iosClientId : null,
      serverClientId: Platform.isAndroid ? _webClientId : null,
    );
    await googleSignIn.signOut();
    final googleUser = await googleSignIn.signIn();
    if (googleUser == null) return;
    final googleAuth = await googleUser.authentication;
    await ref.read(authServiceProvider).signInWithGoogleNative(googleAuth.idToken!);
  }
}
