package com.example.music.shared.config

import com.example.music.shared.generated.BuildConfig

class SharedBuildConfig {
    val googleAuthClientId: String
        get() = BuildConfig.GOOGLE_AUTH_CLIENT_ID
}
