plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.astavist.wishlink"
    defaultConfig {
        applicationId = "com.astavist.wishlink"
        minSdk = 26
    }
}
