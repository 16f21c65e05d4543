plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.codecraft.garageflow"
    defaultConfig {
        applicationId = "com.codecraft.garageflow"
        minSdk = 26
    }
}
