plugins {
    id("com.android.application")
}

android {
    namespace = "info.lwb"
    defaultConfig {
        applicationId = "info.lwb"
        var serverId =
            System.getenv("GOOGLE_SERVER_CLIENT_ID")
                ?: (project.findProperty("GOOGLE_SERVER_CLIENT_ID") as String?)
                ?: "CHANGE_ME_SERVER_CLIENT_ID"
        val gs = file("google-services.json")
        if (gs.exists()) {
            val webMatch = Regex(""""client_id"\s*:\s*"([^"]+)"\s*,\s*"client_type"\s*:\s*3""").find(gs.readText())
            if (serverId == "CHANGE_ME_SERVER_CLIENT_ID") webMatch?.groupValues?.get(1)?.let { serverId = it }
        }
        buildConfigField("String", "GOOGLE_SERVER_CLIENT_ID", '"' + serverId + '"')
    }
    buildFeatures { buildConfig = true }
}
