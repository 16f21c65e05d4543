namespace Google {
  public class GoogleSignInConfiguration {
    public string WebClientId = null;
    public bool RequestAuthCode = false;
    public bool RequestIdToken = false;
  }
}
