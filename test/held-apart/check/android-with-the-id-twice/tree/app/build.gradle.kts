plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.parkease"
    defaultConfig {
        applicationId = "com.example.parkease"
        minSdk = 26
    }
}

dependencies {
    implementation("com.google.android.gms:play-services-auth:20.5.0")
}
