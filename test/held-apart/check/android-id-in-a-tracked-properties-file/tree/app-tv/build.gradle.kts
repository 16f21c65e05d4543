plugins {
    alias(libs.plugins.android.application)
}

android {
    namespace = "com.example.quarterly.tv"
    defaultConfig {
        applicationId = "com.example.quarterly"
    }
}
