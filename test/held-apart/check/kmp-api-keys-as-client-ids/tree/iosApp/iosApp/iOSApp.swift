import GoogleSignIn
import SwiftUI

@main
struct IOSApp: App {
    var body: some Scene {
        WindowGroup {
            Text("Sign in").onOpenURL { url in GIDSignIn.sharedInstance.handle(url) }
        }
    }
}
