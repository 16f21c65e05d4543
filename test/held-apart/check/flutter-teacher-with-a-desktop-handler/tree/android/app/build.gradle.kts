plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.example.teacher_app"
    defaultConfig {
        applicationId = "com.example.teacher_app"
    }
}
