plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.xenonware.cloudremote"
    defaultConfig {
        applicationId = "com.xenonware.cloudremote"
        minSdk = 26
    }
}

dependencies {
    implementation(libs.androidx.credentials)
    implementation("com.google.android.gms:play-services-auth:21.4.0")
}
