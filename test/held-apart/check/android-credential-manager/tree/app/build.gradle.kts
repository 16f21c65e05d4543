plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.authentication"
    defaultConfig {
        applicationId = "com.example.authentication"
        minSdk = 24
    }
}
