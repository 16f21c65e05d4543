package com.example.food.sync

class GoogleSignInGateway {
    suspend fun signIn(webClientIdOverride: String = ""): String = error("Not in this build")
}
