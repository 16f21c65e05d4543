plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "id.example.cofin"
    defaultConfig {
        applicationId = "id.example.cofin"
        minSdk = 26
    }
}
