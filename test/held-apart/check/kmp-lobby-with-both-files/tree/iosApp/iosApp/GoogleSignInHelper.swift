import GoogleSignIn
import UIKit

@objc public class GoogleSignInProviderIos: NSObject {
    public func signIn(from root: UIViewController) async throws -> String? {
        try await GIDSignIn.sharedInstance.signIn(withPresenting: root).user.idToken?.tokenString
    }
}
