// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "RignalApp",
    dependencies: [
        .package(url: "https://github.com/google/GoogleSignIn-iOS", from: "7.0.0"),
        .package(url: "https://github.com/google/google-api-objectivec-client-for-rest", from: "3.0.0"),
    ]
)
