import GoogleSignIn
import UIKit

class GoogleSignInHelper {
    static func signIn(rootVC: UIViewController) async throws -> String {
        let clientID = "102913226312-q3q0botahkvvsw5wgnlg9ek2nk3twwxq.apps.googleusercontent.com"
        let config = GIDConfiguration(clientID: clientID)
        GIDSignIn.sharedInstance.configuration = config

        let result = try await GIDSignIn.sharedInstance.signIn(withPresenting: rootVC)
        guard let idToken = result.user.idToken?.tokenString else {
            throw AuthError.missingToken
        }
        return idToken
    }
}

enum AuthError: Error {
    case missingToken
}
