plugins {
    id("com.android.application")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.example.pick"
    defaultConfig {
        applicationId = "com.example.pick"
    }
}
