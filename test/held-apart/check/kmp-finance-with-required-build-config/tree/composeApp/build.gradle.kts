plugins {
    alias(libs.plugins.kotlinMultiplatform)
    alias(libs.plugins.buildkonfig)
}

fun requiredBuildConfig(localKey: String, environmentKey: String): String {
    val value = providers.environmentVariable(environmentKey).orNull
    require(!value.isNullOrBlank()) {
        "Register $localKey in local.properties or provide $environmentKey"
    }
    return value
}

buildkonfig {
    packageName = "com.example.cofin"
    defaultConfigs {
        buildConfigField(
            FieldSpec.Type.STRING,
            "GOOGLE_AUTH_API_KEY",
            requiredBuildConfig("google_auth_client_id", "GOOGLE_AUTH_CLIENT_ID")
        )
    }
}
