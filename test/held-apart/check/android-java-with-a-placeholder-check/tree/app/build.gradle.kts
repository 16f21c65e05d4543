plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "hcmute.com.fonosclone"
    defaultConfig {
        applicationId = "hcmute.com.fonosclone"
        minSdk = 26
    }
}

dependencies {
    implementation("com.google.android.gms:play-services-auth:21.3.0")
}
