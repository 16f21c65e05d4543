package com.harounach.roote.login

import androidx.fragment.app.Fragment
import com.google.android.gms.auth.api.signin.GoogleSignIn
import com.google.android.gms.auth.api.signin.GoogleSignInOptions
import com.harounach.roote.R

class LoginFragment : Fragment() {
    private fun onSignInGooglePressed() {
        val options = GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
            .requestIdToken(getString(R.string.server_client_id))
            .requestEmail()
            .build()
        startActivityForResult(GoogleSignIn.getClient(activity!!, options).signInIntent, 1)
    }
}
