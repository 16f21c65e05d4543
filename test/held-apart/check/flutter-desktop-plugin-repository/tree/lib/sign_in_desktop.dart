class SignInDesktop {
  String? clientSecret;

  Future<void> init({required String? clientId}) async {}
}
