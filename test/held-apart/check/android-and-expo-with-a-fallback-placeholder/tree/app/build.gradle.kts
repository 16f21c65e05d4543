plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.piku"
    defaultConfig {
        applicationId = "com.example.piku"
        minSdk = 26
    }
}

dependencies {
    implementation("androidx.credentials:credentials:1.5.0")
    implementation("androidx.credentials:credentials-play-services-auth:1.5.0")
    implementation("com.google.android.libraries.identity.googleid:googleid:1.1.1")
    implementation("com.google.android.gms:play-services-auth:21.3.0")
}
