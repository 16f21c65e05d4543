plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.food"
    defaultConfig {
        applicationId = "com.example.food"
    }
    flavorDimensions += "distribution"
    productFlavors {
        create("play") {
            dimension = "distribution"
        }
        create("foss") {
            dimension = "distribution"
            applicationIdSuffix = ".foss"
        }
    }
}

dependencies {
    add("playImplementation", libs.androidx.credentials.play.services.auth)
    add("playImplementation", libs.googleid)
    add("playImplementation", libs.play.services.auth)
}
