plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.new_firebase"
    defaultConfig {
        applicationId = "com.example.new_firebase"
        minSdk = 26
    }
}
