plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.k9"
    defaultConfig {
        applicationId = "com.example.k9"
    }
    buildTypes {
        debug {
            applicationIdSuffix = ".debug"
        }
        release {
        }
    }
}
