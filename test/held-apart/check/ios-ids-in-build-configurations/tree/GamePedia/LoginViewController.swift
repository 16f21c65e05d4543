import GoogleSignIn
import UIKit

final class LoginViewController: UIViewController {
    @objc private func didTapGoogleLogin() {
        guard let clientID = Bundle.main.object(forInfoDictionaryKey: "GIDClientID") as? String else { return }
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)
        GIDSignIn.sharedInstance.signIn(withPresenting: self) { result, error in
            print(result?.user.idToken?.tokenString ?? "", error as Any)
        }
    }
}
