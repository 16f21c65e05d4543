import GoogleSignIn
import UIKit

final class GoogleAuthService: ObservableObject {
    static let shared = GoogleAuthService()

    private init() {
        let clientId = "101442851374-1fo74u7qh7kdon47k55nmg68mz8tbwnq.apps.googleusercontent.com"
        let config = GIDConfiguration(clientID: clientId)
        GIDSignIn.sharedInstance.configuration = config
    }

    func signIn() async throws {
        guard let controller = getCurrentViewController() else { return }
        let result = try await GIDSignIn.sharedInstance.signIn(withPresenting: controller)
        guard let idToken = result.user.idToken?.tokenString else { return }
        try await authenticateWithBackend(idToken: idToken)
    }
}
