import GoogleSignIn
import UIKit

class GoogleSignInHelper {
    private let iOSClientId = "780591776191-np72vzpucgkix82fez3b4tszku8dv21k.apps.googleusercontent.com"
    private let serverClientId = "780591776191-xys5r1p56sqhoxfeuud7oqa2p27dr36c.apps.googleusercontent.com"

    private func signIn(from topController: UIViewController) {
        let config = GIDConfiguration(clientID: iOSClientId, serverClientID: serverClientId)
        GIDSignIn.sharedInstance.configuration = config

        GIDSignIn.sharedInstance.signIn(withPresenting: topController) { result, error in
            GoogleSignInBridgeHelper.shared.onSignInComplete(idToken: result?.user.idToken?.tokenString)
        }
    }
}
