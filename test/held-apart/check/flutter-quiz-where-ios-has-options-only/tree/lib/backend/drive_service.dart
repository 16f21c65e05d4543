import 'package:googleapis_auth/auth_io.dart' as auth;
import 'oauth_config.dart';

class DriveService {
  /// Convenience wrapper that uses the configured `googleDriveClientId`.
  static Future<auth.AuthClient> clientViaDefaultUserConsent(List<String> scopes, void Function(String) prompt) async {
    final cid = auth.ClientId(googleDriveClientId, googleDriveClientSecret);
    return await auth.clientViaUserConsent(cid, scopes, prompt);
  }
}
