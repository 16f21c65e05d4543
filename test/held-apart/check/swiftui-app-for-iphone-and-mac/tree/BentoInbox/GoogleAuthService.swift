import GoogleSignIn
#if canImport(UIKit)
import UIKit
#else
import AppKit
#endif

final class GoogleAuthService {
    let clientID = GoogleConfig.clientID

    #if canImport(UIKit)
    func signIn(from root: UIViewController) async throws {
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)
        _ = try await GIDSignIn.sharedInstance.signIn(withPresenting: root, hint: nil, additionalScopes: GoogleConfig.gmailScopes)
    }
    #else
    func signIn(from window: NSWindow) async throws {
        GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)
        _ = try await GIDSignIn.sharedInstance.signIn(withPresenting: window, hint: nil, additionalScopes: GoogleConfig.gmailScopes)
    }
    #endif
}
