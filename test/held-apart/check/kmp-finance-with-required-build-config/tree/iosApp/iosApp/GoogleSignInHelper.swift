import FirebaseCore
import GoogleSignIn
import UIKit

final class GoogleSignInHelper: NSObject {
    static func configure() {
        guard let clientID = FirebaseApp.app()?.options.clientID else { return }
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)
    }

    func signIn(presenting: UIViewController, callback: @escaping (String?) -> Void) {
        GIDSignIn.sharedInstance.signIn(withPresenting: presenting) { result, _ in
            callback(result?.user.idToken?.tokenString)
        }
    }
}
