package com.example.quarterly.di

import com.example.quarterly.BuildConfig

object AppModule {
    fun provideAppConfig(): AppConfig = AppConfig(
        version = BuildConfig.VERSION_NAME,
        versionCode = BuildConfig.VERSION_CODE,
        webClientId = BuildConfig.WEB_CLIENT_ID,
    )
}
