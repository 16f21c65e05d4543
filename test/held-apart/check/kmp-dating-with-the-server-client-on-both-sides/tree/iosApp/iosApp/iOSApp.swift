import GoogleSignIn
import SwiftUI

@main
struct iOSApp: App {
    var body: some Scene {
        WindowGroup {
            ContentView().onOpenURL { url in
                if GIDSignIn.sharedInstance.handle(url) { return }
            }
        }
    }
}
