plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.cmpauth"
    defaultConfig {
        applicationId = "com.example.cmpauth"
        minSdk = 24
    }
}
