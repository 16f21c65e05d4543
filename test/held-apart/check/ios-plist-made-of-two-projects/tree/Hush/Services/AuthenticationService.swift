import GoogleSignIn
import UIKit

final class AuthenticationService: ObservableObject {
    @Published var currentUser: AuthenticatedUser?

    func signInWithGoogle() {
        guard let presenting = getRootViewController() else { return }
        GIDSignIn.sharedInstance.signIn(withPresenting: presenting) { [weak self] result, error in
            guard let user = result?.user else { return }
            self?.currentUser = AuthenticatedUser(from: user)
        }
    }
}
