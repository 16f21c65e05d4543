import com.android.build.gradle.AppExtension

val android = project.extensions.getByType(AppExtension::class.java)

android.apply {
    flavorDimensions("flavor-type")

    productFlavors {
        create("dev") {
            dimension = "flavor-type"
            applicationId = "com.example.pay.test"
        }
        create("pilot") {
            dimension = "flavor-type"
            applicationId = "com.example.pay.pilot"
        }
        create("prod") {
            dimension = "flavor-type"
            applicationId = "com.example.pay.prod"
        }
    }
}
