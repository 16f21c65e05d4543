import 'package:cloud_functions/cloud_functions.dart';

import '../auth/google_auth_service.dart';

Future<void> connect(GoogleAuthService service) async {
  const scopes = ['https://www.googleapis.com/auth/calendar.events', 'https://www.googleapis.com/auth/meetings.space.settings'];
  await service.initialize();
  final account = await service.googleSignIn.authenticate(scopeHint: scopes);
  final serverAuth = await account.authorizationClient.authorizeServer(scopes);
  final String? authCode = serverAuth?.serverAuthCode;
  if (authCode == null) throw Exception('offline access required');
  final callable = FirebaseFunctions.instanceFor(region: 'us-central1').httpsCallable('exchangeGoogleCode');
  await callable.call({'code': authCode});
}
