import ProjectDescription

let project = Project(
    name: "RignalApp",
    targets: [
        .target(
            name: "RignalApp",
            destinations: .iOS,
            product: .app,
            bundleId: "me.example.rignal",
            infoPlist: .extendingDefault(
                with: [
                    "BackendBaseURL": "http://10.0.0.2:8081",
                    "GIDClientID": "9128851144429-f3tpmbvmd04bnlcvsre8h2b598llre7o.apps.googleusercontent.com",
                    "CFBundleURLTypes": [
                        [
                            "CFBundleTypeRole": "Editor",
                            "CFBundleURLSchemes": ["com.googleusercontent.apps.9128851144429-f3tpmbvmd04bnlcvsre8h2b598llre7o"],
                        ]
                    ],
                ]
            ),
            buildableFolders: ["RignalApp/Sources"],
            dependencies: [
                .external(name: "GoogleSignIn"),
                .target(name: "RignalWidget"),
            ]
        ),
        .target(
            name: "RignalWidget",
            destinations: .iOS,
            product: .appExtension,
            bundleId: "me.example.rignal.RignalWidget",
            infoPlist: .extendingDefault(with: ["NSExtension": ["NSExtensionPointIdentifier": "com.apple.widgetkit-extension"]]),
            buildableFolders: ["RignalWidget/Sources"]
        ),
    ]
)
