namespace SignInSample {
  using Google;
  using UnityEngine;

  public class SigninSampleScript : MonoBehaviour {
    public string webClientId = "<your client id here>";

    void Awake() {
      GoogleSignIn.Configuration = new GoogleSignInConfiguration { WebClientId = webClientId, RequestIdToken = true };
    }
  }
}
