import GoogleSignIn
import UIKit

@MainActor
final class GoogleAuthManager {
    private var clientID: String {
        return "851114222269-7j0mq5wdugd3z8pb1lcp00wvcc08a5wy.apps.googleusercontent.com"
    }

    func signIn(from controller: UIViewController) async throws -> String? {
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)
        let result = try await GIDSignIn.sharedInstance.signIn(withPresenting: controller)
        return result.user.idToken?.tokenString
    }
}
