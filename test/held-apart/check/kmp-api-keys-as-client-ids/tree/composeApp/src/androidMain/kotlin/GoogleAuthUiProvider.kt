package com.example.cmpauth

import com.google.android.libraries.identity.googleid.GetGoogleIdOption

class GoogleAuthUiProvider(private val credentials: GoogleAuthCredentials) {
    fun option() = GetGoogleIdOption.Builder()
        .setFilterByAuthorizedAccounts(false)
        .setServerClientId(credentials.serverId)
        .build()
}
