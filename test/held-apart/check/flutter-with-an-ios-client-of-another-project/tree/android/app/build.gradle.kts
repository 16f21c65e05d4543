plugins {
    id("com.android.application")
    id("com.google.gms.google-services")
}

android {
    namespace = "com.tj.shoes_shop_app"
    defaultConfig {
        applicationId = "com.tj.shoes_shop_app"
        minSdk = 26
    }
}
