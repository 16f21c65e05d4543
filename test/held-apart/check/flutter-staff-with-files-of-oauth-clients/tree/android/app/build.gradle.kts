plugins {
    id("com.android.application")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.example.app_staff"
    defaultConfig {
        applicationId = "com.example.app_staff"
    }
}
