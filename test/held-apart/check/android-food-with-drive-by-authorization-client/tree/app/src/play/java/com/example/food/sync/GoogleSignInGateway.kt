package com.example.food.sync

import android.content.Context
import androidx.credentials.CredentialManager
import androidx.credentials.GetCredentialRequest
import com.example.food.R
import com.google.android.libraries.identity.googleid.GetGoogleIdOption
import com.google.android.libraries.identity.googleid.GoogleIdTokenCredential

class GoogleSignInGateway(private val context: Context) {
    suspend fun signIn(webClientIdOverride: String = ""): String {
        val clientId = configuredWebClientId(webClientIdOverride)
        val option = GetGoogleIdOption.Builder()
            .setFilterByAuthorizedAccounts(false)
            .setServerClientId(clientId)
            .build()
        val request = GetCredentialRequest.Builder().addCredentialOption(option).build()
        val result = CredentialManager.create(context).getCredential(context, request)
        return GoogleIdTokenCredential.createFrom(result.credential.data).id
    }

    private fun configuredWebClientId(webClientIdOverride: String): String {
        val value = webClientIdOverride.trim().ifBlank {
            context.getString(R.string.google_web_client_id).trim()
        }
        require(value.isNotBlank() && !value.startsWith("TODO_")) {
            "Paste your Google Web OAuth client ID in Settings before using Google features."
        }
        return value
    }
}
