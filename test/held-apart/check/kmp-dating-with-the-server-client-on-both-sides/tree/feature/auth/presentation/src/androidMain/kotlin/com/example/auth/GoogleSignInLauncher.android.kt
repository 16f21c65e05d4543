package com.example.auth

import android.app.Activity
import androidx.credentials.CredentialManager
import androidx.credentials.GetCredentialRequest
import com.google.android.libraries.identity.googleid.GetSignInWithGoogleOption
import com.google.android.libraries.identity.googleid.GoogleIdTokenCredential

suspend fun launch(activity: Activity): String {
    val option = GetSignInWithGoogleOption.Builder(
        serverClientId = GoogleClientIds.WEB_CLIENT_ID
    ).build()
    val request = GetCredentialRequest.Builder().addCredentialOption(option).build()
    val response = CredentialManager.create(activity).getCredential(activity, request)
    return GoogleIdTokenCredential.createFrom(response.credential.data).idToken
}
