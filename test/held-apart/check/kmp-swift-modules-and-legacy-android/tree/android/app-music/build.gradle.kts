plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.music"
    defaultConfig {
        applicationId = "com.example.music"
    }
    flavorDimensions += "version"
    productFlavors {
        create("production") {
            dimension = "version"
        }
        create("development") {
            applicationIdSuffix = ".dev"
            dimension = "version"
        }
    }
}
