android {
    defaultConfig {
        applicationId = "dev.example.drivebackup"
    }
}
