import 'dart:io';

/// Only client IDs are committed -- never a client secret.
class GoogleDriveClientConfig {
  static const String desktopClientId =
      '629750859806-q6e8tfkxgei7u36igz38qy1vzu6ymtv6.apps.googleusercontent.com';

  /// "Web application" client ID passed as serverClientId to
  /// google_sign_in on Android.
  static const String androidServerClientId =
      '629750859806-c0c8ubgvkbiij1nbfqy9or7gm28ud7pg.apps.googleusercontent.com';

  static bool get hasDesktopClient => desktopClientId.isNotEmpty;
}
