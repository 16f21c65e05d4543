class DesktopOAuthHandler {
  Future<String?> run({required String clientId, required String clientSecret}) async {
    if (clientId.isEmpty || clientSecret.isEmpty) {
      throw StateError('Google OAuth credentials not found in .env file');
    }
    return null;
  }
}
