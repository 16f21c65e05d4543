import GoogleSignIn
import UIKit

final class GoogleAuthentication {
    init(_ configuration: GoogleAuthenticationConfiguration) {
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: configuration.clientId, serverClientID: configuration.serverClientId)
    }

    func authenticate(from vc: UIViewController) async throws -> String? {
        try await GIDSignIn.sharedInstance.signIn(withPresenting: vc).user.idToken?.tokenString
    }
}
