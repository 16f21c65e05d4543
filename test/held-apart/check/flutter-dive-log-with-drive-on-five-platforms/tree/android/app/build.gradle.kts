plugins {
    id("com.android.application")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.example.dive"
    defaultConfig {
        applicationId = "com.example.dive"
    }
}
