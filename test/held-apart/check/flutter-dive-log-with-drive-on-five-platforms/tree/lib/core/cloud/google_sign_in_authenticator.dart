import 'dart:io';
import 'package:google_sign_in/google_sign_in.dart';
import 'package:googleapis/drive/v3.dart' as drive;
import 'google_drive_client_config.dart';

class GoogleSignInAuthenticator {
  static const _scopes = [drive.DriveApi.driveAppdataScope];

  final GoogleSignIn _googleSignIn = GoogleSignIn.instance;
  bool _initialized = false;

  Future<void> _ensureInitialized() async {
    if (_initialized) return;
    final serverClientId =
        Platform.isAndroid &&
            GoogleDriveClientConfig.androidServerClientId.isNotEmpty
        ? GoogleDriveClientConfig.androidServerClientId
        : null;
    await _googleSignIn.initialize(serverClientId: serverClientId);
    _initialized = true;
  }

  Future<void> signIn() async {
    await _ensureInitialized();
    final account = await _googleSignIn.authenticate(scopeHint: _scopes);
    await account.authorizationClient.authorizeScopes(_scopes);
  }
}
