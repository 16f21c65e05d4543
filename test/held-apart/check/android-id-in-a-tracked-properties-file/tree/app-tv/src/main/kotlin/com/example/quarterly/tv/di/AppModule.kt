package com.example.quarterly.tv.di

object AppModule {
    fun provideAppConfig(): AppConfig = AppConfig(
        version = "1.0",
        versionCode = 1,
        webClientId = "",
    )
}
