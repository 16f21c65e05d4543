plugins {
    id("com.google.gms.google-services") version "4.4.2" apply false
}
