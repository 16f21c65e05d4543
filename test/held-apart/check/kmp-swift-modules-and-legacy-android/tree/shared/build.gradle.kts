plugins {
    kotlin("multiplatform")
    id("com.github.gmazzo.buildconfig")
}

buildConfig {
    packageName("com.example.music.shared.generated")
    val properties = Properties().apply { load(FileInputStream(File(rootProject.rootDir, "local.properties"))) }
    buildConfigField<String>("GOOGLE_AUTH_CLIENT_ID", properties.getProperty("GOOGLE_AUTH_CLIENT_ID").replace("\"", ""))
}
