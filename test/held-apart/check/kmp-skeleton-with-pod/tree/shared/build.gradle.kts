plugins {
    kotlin("multiplatform")
}

kotlin {
    androidTarget()
    sourceSets {
        androidMain.dependencies {
            implementation(libs.androidx.credentials)
            implementation(libs.googleid)
            implementation(libs.firebase.auth)
        }
    }
}
