import 'dart:io' as io;

import 'package:flutter/foundation.dart';

bool get kIsDesktop => !kIsWeb && (io.Platform.isWindows || io.Platform.isLinux || io.Platform.isMacOS);

class FirebaseService {
  String? getClientId() {
    if (kIsWeb && kDebugMode) {
      return '830489900424-y95dz3m192ol5qo0z73c8rvesbqijhw7.apps.googleusercontent.com';
    }
    if (kIsWeb) return '830489900424-242z67qdk9f1eggbcjo2aqb9ffyo8tw5.apps.googleusercontent.com';
    if (kIsDesktop) return '830489900424-l7qy9e0tyzgtzpb76t5sdrgk6ijzv50s.apps.googleusercontent.com';
    return null;
  }

  String? getServerClientId() {
    if (!kIsWeb && io.Platform.isAndroid) {
      return '830489900424-242z67qdk9f1eggbcjo2aqb9ffyo8tw5.apps.googleusercontent.com';
    }
    return null;
  }
}
