import GoogleSignIn
import UIKit

@objc public class GoogleSignInHelper: NSObject {
    @objc public func signIn(from controller: UIViewController, completion: @escaping (String?, String?, String?) -> Void) {
        guard let clientID = Bundle.main.object(forInfoDictionaryKey: "GIDClientID") as? String else {
            completion(nil, nil, "no client ID")
            return
        }
        let config = GIDConfiguration(clientID: clientID)
        GIDSignIn.sharedInstance.configuration = config
        GIDSignIn.sharedInstance.signIn(withPresenting: controller) { result, error in
            completion(result?.user.idToken?.tokenString, result?.user.accessToken.tokenString, error?.localizedDescription)
        }
    }

    @objc public func handleURL(_ url: URL) -> Bool {
        return GIDSignIn.sharedInstance.handle(url)
    }
}
