// The Java sample of Google's guide, as far as Debian has its libraries: Drive's own class is not there,
// so that the folder is asked for by its address.
// https://developers.google.com/identity/sign-in/web/server-side-flow

import com.google.api.client.googleapis.auth.oauth2.GoogleAuthorizationCodeTokenRequest;
import com.google.api.client.googleapis.auth.oauth2.GoogleClientSecrets;
import com.google.api.client.googleapis.auth.oauth2.GoogleCredential;
import com.google.api.client.googleapis.auth.oauth2.GoogleIdToken;
import com.google.api.client.googleapis.auth.oauth2.GoogleTokenResponse;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.jackson2.JacksonFactory;
import java.io.FileReader;

public class Guide {
  public static void main(String[] args) throws Exception {
    GoogleClientSecrets clientSecrets =
        GoogleClientSecrets.load(
            JacksonFactory.getDefaultInstance(), new FileReader(System.getenv("GSAC_CLIENT")));
    GoogleTokenResponse tokenResponse =
        new GoogleAuthorizationCodeTokenRequest(
                new NetHttpTransport(),
                JacksonFactory.getDefaultInstance(),
                "https://oauth2.googleapis.com/token",
                clientSecrets.getDetails().getClientId(),
                clientSecrets.getDetails().getClientSecret(),
                args[0],
                "postmessage")
            .execute();
    GoogleCredential credential =
        new GoogleCredential().setAccessToken(tokenResponse.getAccessToken());
    String folder = "https://www.googleapis.com/drive/v3/files/appfolder";
    new NetHttpTransport()
        .createRequestFactory(credential)
        .buildGetRequest(new GenericUrl(folder))
        .execute();
    GoogleIdToken.Payload payload = tokenResponse.parseIdToken().getPayload();
    System.out.println(payload.getSubject() + " " + payload.getEmail());
  }
}
