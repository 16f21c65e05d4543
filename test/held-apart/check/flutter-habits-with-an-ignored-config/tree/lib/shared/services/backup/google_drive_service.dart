import 'package:google_sign_in/google_sign_in.dart';
import 'package:googleapis/drive/v3.dart' as drive;

import '../../../core/constants/app_config.dart';

class GoogleDriveService {
  final GoogleSignIn _googleSignIn = GoogleSignIn(
    scopes: [drive.DriveApi.driveFileScope, drive.DriveApi.driveAppdataScope],
    serverClientId: AppConfig.googleServerClientId,
  );

  Future<bool> signIn() async => await _googleSignIn.signIn() != null;
}
