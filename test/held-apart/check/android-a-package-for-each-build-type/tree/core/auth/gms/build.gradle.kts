plugins {
    com.android.library
}

android {
    namespace = "com.example.study.core.auth.gms"
}
