plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "app.example.notes"
    defaultConfig {
        applicationId = "app.example.notes"
        minSdk = 24
    }
}
