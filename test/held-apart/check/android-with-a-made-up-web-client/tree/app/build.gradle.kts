plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.fairsplit"
    defaultConfig {
        applicationId = "com.fairsplit"
        minSdk = 26
    }
}

dependencies {
    implementation("com.google.android.gms:play-services-auth:20.7.0")
}
