package hcmute.com.fonosclone.ui.activity;

import androidx.appcompat.app.AppCompatActivity;
import com.google.android.gms.auth.api.signin.GoogleSignIn;
import com.google.android.gms.auth.api.signin.GoogleSignInClient;
import com.google.android.gms.auth.api.signin.GoogleSignInOptions;
import hcmute.com.fonosclone.R;

public class LoginActivity extends AppCompatActivity {
    private static final String GOOGLE_WEB_CLIENT_PLACEHOLDER = "REPLACE_WITH_FIREBASE_WEB_CLIENT_ID";
    private GoogleSignInClient client;

    private void setupGoogleSignIn() {
        String webClientId = getString(R.string.google_web_client_id);
        GoogleSignInOptions options = new GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
                .requestIdToken(webClientId)
                .requestEmail()
                .build();
        client = GoogleSignIn.getClient(this, options);
    }

    private boolean isConfigured() {
        return !getString(R.string.google_web_client_id).equals(GOOGLE_WEB_CLIENT_PLACEHOLDER);
    }
}
