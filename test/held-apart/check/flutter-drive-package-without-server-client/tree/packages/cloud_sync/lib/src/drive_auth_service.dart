import 'package:google_sign_in/google_sign_in.dart';
import 'package:googleapis/drive/v3.dart' as drive;

/// Android needs no client ID in code: it is resolved from the OAuth Android
/// client registered against the package name and SHA-1.
class DriveAuthService {
  static const List<String> scopes = [drive.DriveApi.driveAppdataScope];

  final GoogleSignIn _googleSignIn = GoogleSignIn.instance;
  final String? _iosClientId;
  bool _initialized = false;

  DriveAuthService({String? iosClientId}) : _iosClientId = iosClientId;

  Future<void> _ensureInitialized() async {
    if (_initialized) return;
    await _googleSignIn.initialize(clientId: _iosClientId);
    _initialized = true;
  }

  Future<GoogleSignInAccount?> signIn() async {
    await _ensureInitialized();
    return _googleSignIn.authenticate(scopeHint: scopes);
  }
}
