plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.abo"
    defaultConfig {
        applicationId = "com.example.abo"
        minSdk = 26
    }
}

dependencies {
    implementation("com.google.android.gms:play-services-auth:21.4.0")
    implementation("com.google.firebase:firebase-auth:23.1.0")
}
