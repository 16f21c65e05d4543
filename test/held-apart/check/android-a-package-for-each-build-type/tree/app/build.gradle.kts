plugins {
    com.android.application
    alias(libs.plugins.googleServices)
}

android {
    namespace = "com.example.study"
    defaultConfig {
        applicationId = "com.example.study"
    }
    buildTypes {
        val debug = named("debug") {
            applicationIdSuffix = ".debug"
        }
        val release = named("release") {
            optimization.enable = true
        }
        register("nightly") {
            initWith(release.get())
            applicationIdSuffix = ".nightly"
        }
        register("benchmark") {
            initWith(release.get())
            applicationIdSuffix = ".benchmark"
        }
    }
}

dependencies {
    implementation(projects.core.auth.credentials)
}
