rootProject.name = "Quarterly"
include(":app")
include(":app-tv")
include(":features:auth")
