package com.example.moto.shared

object SupabaseConfig {
    const val GOOGLE_WEB_CLIENT_ID = "889287314468-lgn3vissshr9y6hik9gsfgyrmalayssm.apps.googleusercontent.com"
}
