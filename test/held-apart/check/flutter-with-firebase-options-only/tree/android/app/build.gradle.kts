plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.desh_crime_alert"
    defaultConfig {
        applicationId = "com.example.desh_crime_alert"
        minSdk = 26
    }
}
