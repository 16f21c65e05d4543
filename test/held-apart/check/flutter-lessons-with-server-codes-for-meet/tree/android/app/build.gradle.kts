plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
    id("kotlin-android")
    id("dev.flutter.flutter-gradle-plugin")
}

android {
    namespace = "com.studio.lessons_app"
    defaultConfig {
        applicationId = "com.studio.lessons_app"
    }
}
