import 'dart:io';

import 'package:flutter/foundation.dart';
import 'package:google_sign_in/google_sign_in.dart';

import '../services/firebase_service.dart';

Future<String?> signIn(FirebaseService service, List<String> scopes) async {
  final gsi = GoogleSignIn.instance;
  await gsi.initialize(
    clientId: kIsWeb ? service.getClientId() : null,
    serverClientId: !kIsWeb && Platform.isAndroid ? service.getServerClientId() : null,
  );
  final account = await gsi.authenticate(scopeHint: scopes);
  final authorization = await account.authorizationClient.authorizeScopes(scopes);
  return authorization.accessToken;
}
