package com.example.abo;

import android.app.Activity;
import com.google.android.gms.auth.api.signin.GoogleSignIn;
import com.google.android.gms.auth.api.signin.GoogleSignInClient;
import com.google.android.gms.auth.api.signin.GoogleSignInOptions;

public class MainActivity extends Activity {
    private String webClientId = "";
    private GoogleSignInClient googleClient;

    private void initFirebase() {
        int webClientResId = getResources().getIdentifier("default_web_client_id", "string", getPackageName());
        webClientId = webClientResId == 0 ? "" : getString(webClientResId).trim();
    }

    private void openGoogleAccountPicker() {
        if (webClientId.isEmpty()) {
            return;
        }
        GoogleSignInOptions options = new GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
                .requestIdToken(webClientId)
                .requestEmail()
                .build();
        googleClient = GoogleSignIn.getClient(this, options);
        startActivityForResult(googleClient.getSignInIntent(), 1);
    }
}
