plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "id.djaka.splitbillapp"
    defaultConfig {
        applicationId = "id.djaka.splitbillapp"
        minSdk = 26
    }
}

dependencies {
    implementation("io.github.mirzemehdi:kmpauth-google:2.0.0")
    implementation("io.github.mirzemehdi:kmpauth-firebase:2.0.0")
}
