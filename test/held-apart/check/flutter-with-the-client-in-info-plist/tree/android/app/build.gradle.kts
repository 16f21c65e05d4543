plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.gps_tracking"
    defaultConfig {
        applicationId = "com.example.gps_tracking"
        minSdk = 26
    }
}
