package com.example.signin.presentation

import android.content.Context
import android.content.Intent
import com.google.android.gms.auth.api.signin.GoogleSignIn
import com.google.android.gms.auth.api.signin.GoogleSignInOptions

fun signInIntent(context: Context): Intent {
    val gso = GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
        .requestEmail()
        .requestIdToken("#WEBCLIENT") // YOUR WEB CLIENT ID (IN FIREBASE)
        .build()
    return GoogleSignIn.getClient(context, gso).signInIntent
}
