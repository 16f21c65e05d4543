plugins {
    id("com.android.application")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.example.drive_sync"
    defaultConfig {
        applicationId = "com.example.drive_sync"
    }
}
