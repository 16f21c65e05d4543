package com.example.music.di

import com.google.android.gms.auth.api.signin.GoogleSignIn
import com.google.android.gms.auth.api.signin.GoogleSignInOptions
import com.google.android.gms.common.Scopes
import com.google.android.gms.common.api.Scope

val androidModules = module {
    single {
        val sharedBuildConfig = get<SharedBuildConfig>()
        GoogleSignIn.getClient(
            androidContext(),
            GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
                .requestIdToken(sharedBuildConfig.googleAuthClientId)
                .requestScopes(Scope(Scopes.EMAIL), Scope(Scopes.PROFILE))
                .requestEmail()
                .build()
        )
    }
}
