import Foundation
import GoogleSignIn

enum SignInHandler {
    static var clientIDFromPlist: String? {
        let path = Bundle.main.path(forResource: "GoogleService-Info", ofType: "plist")
        return path.flatMap { NSDictionary(contentsOfFile: $0)?["CLIENT_ID"] as? String }
    }

    static func configure() {
        guard let clientID = clientIDFromPlist else { return }
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)
    }
}
