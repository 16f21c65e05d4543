plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.multiplatform")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.charmflex.cp.flexiexpensesmanager"
    flavorDimensions += "version"
    productFlavors {
        create("free") {
            dimension = "version"
            applicationIdSuffix = ".free"
        }
        create("paid") {
            dimension = "version"
            applicationIdSuffix = ".premium"
        }
    }
    defaultConfig {
        applicationId = "com.charmflex.cp.flexiexpensesmanager"
    }
    buildTypes {
        getByName("debug") {
            applicationIdSuffix = ".debug"
        }
        getByName("release") {
            isMinifyEnabled = true
        }
    }
}
