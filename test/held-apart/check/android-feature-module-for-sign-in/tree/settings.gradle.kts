include(":app-android", ":feature-auth")
