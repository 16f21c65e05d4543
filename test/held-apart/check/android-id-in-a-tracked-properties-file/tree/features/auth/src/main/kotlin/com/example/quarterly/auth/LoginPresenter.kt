package com.example.quarterly.auth

import androidx.credentials.GetCredentialRequest
import com.google.android.libraries.identity.googleid.GetSignInWithGoogleOption

class LoginPresenter(private val appConfig: AppConfig) {
    private val getCredentialRequest: GetCredentialRequest by lazy {
        GetCredentialRequest.Builder()
            .addCredentialOption(GetSignInWithGoogleOption.Builder(appConfig.webClientId).build())
            .build()
    }
}
