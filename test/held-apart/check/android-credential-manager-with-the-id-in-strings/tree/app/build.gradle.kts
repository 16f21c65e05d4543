plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.github.onlynotesswent"
    defaultConfig {
        applicationId = "com.github.onlynotesswent"
        minSdk = 26
    }
}

dependencies {
    implementation(libs.google.id)
}
