plugins {
    alias(libs.plugins.kotlinMultiplatform)
    alias(libs.plugins.androidLibrary)
}

kotlin {
    sourceSets {
        androidMain {
            dependencies {
                implementation(libs.androidx.credentials)
                implementation(libs.credentials.play.services.auth)
                implementation(libs.googleid)
            }
        }
    }
}
