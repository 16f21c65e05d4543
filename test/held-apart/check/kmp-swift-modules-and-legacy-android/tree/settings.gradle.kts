rootProject.name = "Music"
include(":shared")
include(":android:app-music")
