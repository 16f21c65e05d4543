plugins {
    alias(libs.plugins.android.application)
}

val webClientId = readPropertyValue(
    filePath = "$rootDir/${BuildAndroidConfig.API_KEYS_PROPS_FILE}",
    key = "WEB_CLIENT_ID",
    defaultValue = ""
)

android {
    namespace = "com.example.quarterly"
    defaultConfig {
        applicationId = "com.example.quarterly"
        buildConfigField("String", "WEB_CLIENT_ID", "\"$webClientId\"")
    }
    buildFeatures {
        buildConfig = true
    }
}
