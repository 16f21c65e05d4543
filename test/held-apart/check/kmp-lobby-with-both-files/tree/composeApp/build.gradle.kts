plugins {
    alias(libs.plugins.kotlinMultiplatform)
    alias(libs.plugins.androidApplication)
    alias(libs.plugins.googleServices)
}

kotlin {
    androidTarget()
    iosArm64()
    sourceSets {
        androidMain.dependencies {
            implementation("androidx.credentials:credentials:1.5.0")
            implementation("androidx.credentials:credentials-play-services-auth:1.5.0")
            implementation("com.google.android.libraries.identity.googleid:googleid:1.1.1")
        }
    }
}

android {
    namespace = "app.example.lobby"
    defaultConfig {
        applicationId = "app.example.lobby"
    }
}
