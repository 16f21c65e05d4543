plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = "com.example.ledger"
    defaultConfig {
        applicationId = "com.example.ledger"
        minSdk = 26
    }
}

dependencies {
    implementation("com.google.android.gms:play-services-auth:21.0.0")
    implementation("com.google.apis:google-api-services-drive:v3-rev20240123-2.0.0") {
        exclude(group = "com.google.android.gms", module = "play-services-auth")
    }
}
