package com.example.auth

object GoogleClientIds {
    const val WEB_CLIENT_ID = "780591776191-xys5r1p56sqhoxfeuud7oqa2p27dr36c.apps.googleusercontent.com"
}
