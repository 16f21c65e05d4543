rootProject.name = "Ledger"
include(":app")
