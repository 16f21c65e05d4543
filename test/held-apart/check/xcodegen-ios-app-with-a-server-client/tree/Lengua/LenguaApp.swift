import GoogleSignIn
import SwiftUI

@main
struct LenguaApp: App {
    var body: some Scene {
        WindowGroup {
            Text("Lengua").onOpenURL { url in GIDSignIn.sharedInstance.handle(url) }
        }
    }
}
