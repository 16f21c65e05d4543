package com.example.cmpauth

/** [serverId] is the web client's ID. */
data class GoogleAuthCredentials(val serverId: String)
