plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.kmp.android"
    defaultConfig {
        applicationId = "com.example.kmp.android"
        minSdk = 26
    }
}
