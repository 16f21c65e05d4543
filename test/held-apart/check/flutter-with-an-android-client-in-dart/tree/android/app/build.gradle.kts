plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.project_x"
    defaultConfig {
        applicationId = "com.example.project_x"
        minSdk = 26
    }
}
