package com.example.bird

class AuthConfiguration {
    fun gmail() = listOf("imap.gmail.com", "smtp.gmail.com") to OAuthConfiguration(
        clientId = "917156458864-90erkfckef7zu5egz090v7sxg6w14w0u.apps.googleusercontent.com",
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
