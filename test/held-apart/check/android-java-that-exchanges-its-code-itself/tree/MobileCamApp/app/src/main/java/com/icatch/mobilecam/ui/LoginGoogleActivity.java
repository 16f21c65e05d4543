package com.icatch.mobilecam.ui;

import androidx.fragment.app.FragmentActivity;
import com.google.android.gms.auth.api.signin.GoogleSignInOptions;
import com.icatch.mobilecam.google.GoogleAuthTool;

public class LoginGoogleActivity extends FragmentActivity {
    private final GoogleSignInOptions gso = new GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
            .requestServerAuthCode(GoogleAuthTool.CLIENT_ID)
            .requestEmail()
            .build();
}
