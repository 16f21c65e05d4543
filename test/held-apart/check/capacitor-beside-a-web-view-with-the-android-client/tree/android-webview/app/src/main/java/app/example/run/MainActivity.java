package app.example.run;

import android.content.Intent;
import androidx.appcompat.app.AppCompatActivity;
import com.google.android.gms.auth.api.signin.GoogleSignIn;
import com.google.android.gms.auth.api.signin.GoogleSignInClient;
import com.google.android.gms.auth.api.signin.GoogleSignInOptions;

public class MainActivity extends AppCompatActivity {
    private class AndroidBridge {
        @android.webkit.JavascriptInterface
        public void googleSignIn() {
            runOnUiThread(() -> {
                GoogleSignInOptions gso = new GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
                    .requestIdToken("304760048341-yqbnu51f2w091fjifmizgicns9l3wcw4.apps.googleusercontent.com")  // Android OAuth client (bound to the SHA-1)
                    .requestEmail()
                    .build();
                GoogleSignInClient client = GoogleSignIn.getClient(MainActivity.this, gso);
                startActivityForResult(client.getSignInIntent(), 1);
            });
        }
    }
}
