import 'drive_auth_service.dart';

class DriveSyncFactory {
  static const String _iosClientId = String.fromEnvironment(
    'GOOGLE_DRIVE_IOS_CLIENT_ID',
  );

  static bool get isEnabled =>
      const bool.fromEnvironment('ENABLE_GOOGLE_DRIVE_SYNC', defaultValue: false);

  static DriveAuthService? create() {
    if (!isEnabled) return null;
    return DriveAuthService(iosClientId: _iosClientId.isEmpty ? null : _iosClientId);
  }
}
