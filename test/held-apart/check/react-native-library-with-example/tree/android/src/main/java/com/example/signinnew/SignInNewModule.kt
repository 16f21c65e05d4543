package com.example.signinnew

import com.google.android.libraries.identity.googleid.GetGoogleIdOption

class SignInNewModule {
    fun option(webClientId: String) =
        GetGoogleIdOption.Builder().setServerClientId(webClientId).build()
}
