import FirebaseCore
import SwiftUI

@main
struct PookieApp: App {
    init() {
        FirebaseApp.configure()
    }

    var body: some Scene {
        WindowGroup {
            RootView()
        }
    }
}
