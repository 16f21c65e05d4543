import GoogleSignIn
import UIKit

@MainActor
final class GoogleAuthManager {
    func signIn(from vc: UIViewController) async throws -> String {
        let result = try await GIDSignIn.sharedInstance.signIn(
            withPresenting: vc, hint: nil, additionalScopes: ["https://www.googleapis.com/auth/calendar.readonly"])
        return result.user.accessToken.tokenString
    }
}
