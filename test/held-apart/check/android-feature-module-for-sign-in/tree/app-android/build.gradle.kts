plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.qweld.app"
    defaultConfig {
        applicationId = "com.qweld.app"
        minSdk = 26
    }
}

dependencies {
    implementation(project(":feature-auth"))
}
