import UIKit

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
    func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
        // GIDSignIn.sharedInstance().clientID = "YOUR_CLIENT_ID"
        return true
    }
}
