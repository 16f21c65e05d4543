package com.example.turbo

import com.google.android.gms.auth.api.signin.GoogleSignIn
import com.google.android.gms.auth.api.signin.GoogleSignInOptions

class SignInFragment : androidx.fragment.app.Fragment() {
    private val client by lazy {
        val options = GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
            .requestIdToken("<YOUR OAUTH CLIENT ID HERE>")
            .build()
        GoogleSignIn.getClient(requireActivity(), options)
    }
}
