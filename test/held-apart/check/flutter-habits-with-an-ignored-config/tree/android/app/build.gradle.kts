plugins {
    id("com.android.application")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.example.rhythm"
    defaultConfig {
        applicationId = "com.example.rhythm"
    }
}
