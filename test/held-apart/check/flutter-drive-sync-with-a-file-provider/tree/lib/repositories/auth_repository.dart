import 'package:google_sign_in/google_sign_in.dart';
import 'package:googleapis_auth/googleapis_auth.dart';
import 'package:http/http.dart' as http;

class AuthRepository {
  final GoogleSignIn _googleSignIn = GoogleSignIn(
    scopes: ['https://www.googleapis.com/auth/drive'],
  );

  Future<AuthClient?> signIn() async {
    final account = await _googleSignIn.signIn();
    if (account == null) return null;
    final headers = await account.authHeaders;
    final token = headers['Authorization']!.replaceFirst('Bearer ', '');
    return authenticatedClient(
      http.Client(),
      AccessCredentials(AccessToken('Bearer', token, DateTime.now().toUtc().add(const Duration(hours: 1))), null, ['https://www.googleapis.com/auth/drive']),
    );
  }
}
