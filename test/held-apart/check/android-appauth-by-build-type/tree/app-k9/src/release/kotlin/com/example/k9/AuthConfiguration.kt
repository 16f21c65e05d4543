package com.example.k9

class AuthConfiguration {
    fun gmail() = listOf("imap.gmail.com", "smtp.gmail.com") to OAuthConfiguration(
        clientId = "339114007409-iwjznc5zvv9w24abr3jz6n9d4wa0pf1x.apps.googleusercontent.com",
        scopes = listOf("https://mail.google.com/"),
        authorizationEndpoint = "https://accounts.google.com/o/oauth2/v2/auth",
        tokenEndpoint = "https://oauth2.googleapis.com/token",
        redirectUri = "${BuildConfig.APPLICATION_ID}:/oauth2redirect",
    )

    fun microsoft() = listOf("outlook.office365.com") to OAuthConfiguration(
        clientId = "00000000-0000-4000-8000-000000000000",
        redirectUri = "msauth://com.example.mail/AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
    )
}
