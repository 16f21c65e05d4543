package com.technource.android.utils

import android.content.Context
import com.google.android.gms.auth.api.identity.BeginSignInRequest
import com.technource.Karma.R
import okhttp3.FormBody

class GoogleDriveHelper(context: Context) {
    private val serverClientId: String = context.getString(R.string.server_client_id)
    private val clientSecret: String = context.getString(R.string.client_secret)

    fun request() = BeginSignInRequest.builder()
        .setGoogleIdTokenRequestOptions(
            BeginSignInRequest.GoogleIdTokenRequestOptions.builder()
                .setSupported(true)
                .setServerClientId(serverClientId)
                .build()
        )
        .build()

    fun exchange(code: String) = FormBody.Builder()
        .add("code", code)
        .add("client_id", serverClientId)
        .add("client_secret", clientSecret)
        .build()
}
