plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "org.example.firebaseauthkmp"
    defaultConfig {
        applicationId = "org.example.firebaseauthkmp"
        minSdk = 24
    }
}

dependencies {
    implementation(libs.firebase.auth)
}
