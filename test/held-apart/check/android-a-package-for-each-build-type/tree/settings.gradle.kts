rootProject.name = "Study"
include(":app")
include(":core:auth:gms")
include(":core:auth:credentials")
