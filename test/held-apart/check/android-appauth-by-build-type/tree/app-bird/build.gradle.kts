plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.bird"
    defaultConfig {
        applicationId = "com.example.bird"
    }
    buildTypes {
        release {
        }
        create("beta") {
            applicationIdSuffix = ".beta"
        }
    }
}
