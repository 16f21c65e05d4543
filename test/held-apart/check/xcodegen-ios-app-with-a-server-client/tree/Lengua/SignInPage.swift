import GoogleSignIn
import UIKit

@MainActor
final class SignInPageModel {
    var signInViaGoogle: (String) async throws -> Void = { _ in }

    func signIn(presenting vc: UIViewController) async throws {
        let result = try await GIDSignIn.sharedInstance.signIn(withPresenting: vc)
        guard let idToken = result.user.idToken?.tokenString else { return }
        try await signInViaGoogle(idToken)
    }
}
