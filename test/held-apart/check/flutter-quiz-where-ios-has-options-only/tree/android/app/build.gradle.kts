plugins {
    id("com.android.application")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.example.quest_app"
    defaultConfig {
        applicationId = "com.example.quest_app"
    }
}
