/// Optional Web Client ID for Google Sign-In on Android.
/// If sign-in fails with ApiException: 10, set this from:
/// Google Cloud Console → APIs & Services → Credentials
const String kGoogleWebClientId = '';
