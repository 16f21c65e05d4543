plugins {
    alias(libs.plugins.kotlinMultiplatform)
    alias(libs.plugins.androidApplication)
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
    namespace = "com.example.moto"
    defaultConfig {
        applicationId = "com.example.moto"
    }
}
