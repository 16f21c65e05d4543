plugins {
    id("com.android.library")
}

android {
    namespace = "com.qweld.app.feature.auth"
}
