import 'package:extension_google_sign_in_as_googleapis_auth/extension_google_sign_in_as_googleapis_auth.dart';
import 'package:flutter/foundation.dart' show kIsWeb;
import 'package:google_sign_in/google_sign_in.dart';
import 'package:googleapis/drive/v3.dart' as drive;

class GoogleDriveService {
  // Android: google-services.json; iOS: GoogleService-Info.plist and URL scheme in Info.plist
  static final _googleSignIn = GoogleSignIn(
    // clientId is only needed for Web.
    clientId: kIsWeb
        ? '697790293546-r4epzims7bglbt5v8o079p6nu3zmfizg.apps.googleusercontent.com'
        : null,
    scopes: [drive.DriveApi.driveFileScope],
  );

  static Future<drive.DriveApi?> connect() async {
    final googleUser = await _googleSignIn.signInSilently() ?? await _googleSignIn.signIn();
    if (googleUser == null) return null;
    final client = await _googleSignIn.authenticatedClient();
    return client == null ? null : drive.DriveApi(client);
  }
}
