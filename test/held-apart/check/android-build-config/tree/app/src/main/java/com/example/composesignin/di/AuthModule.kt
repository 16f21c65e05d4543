package com.example.composesignin.di

import com.example.composesignin.BuildConfig
import com.google.android.gms.auth.api.identity.BeginSignInRequest

fun signInRequest(): BeginSignInRequest = BeginSignInRequest.builder()
    .setGoogleIdTokenRequestOptions(
        BeginSignInRequest.GoogleIdTokenRequestOptions.builder()
            .setSupported(true)
            .setFilterByAuthorizedAccounts(false)
            .setServerClientId(BuildConfig.WEB_CLIENT_ID)
            .build(),
    )
    .build()
