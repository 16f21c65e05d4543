import AppAuth
import UIKit

private let issuerUrl = URL(string: "https://accounts.google.com")!
private let clientId = Bundle.main.object(forInfoDictionaryKey: "GOOGLE_SIGN_IN_CLIENT_ID") as! String
private let redirectUrl = URL(string: Bundle.main.object(forInfoDictionaryKey: "GOOGLE_SIGN_IN_REDIRECT_URL") as! String)!
private let incompleteConfigIndicator = "FILL_ME_IN"

func isGoogleSignInConfigured() -> Bool {
    !clientId.contains(incompleteConfigIndicator) && !redirectUrl.absoluteString.contains(incompleteConfigIndicator)
}

func initiateGoogleSignIn(from viewController: UIViewController, onState: @escaping (OIDAuthState?) -> Void) {
    OIDAuthorizationService.discoverConfiguration(forIssuer: issuerUrl) { configuration, _ in
        guard let configuration else { return onState(nil) }
        let request = OIDAuthorizationRequest(
            configuration: configuration,
            clientId: clientId,
            clientSecret: nil,
            scopes: ["openid", "https://www.googleapis.com/auth/drive.file"],
            redirectURL: redirectUrl,
            responseType: OIDResponseTypeCode,
            additionalParameters: nil)
        let app = UIApplication.shared.delegate as! AppDelegate
        app.currentAuthorizationFlow = OIDAuthState.authState(byPresenting: request, presenting: viewController) { state, _ in onState(state) }
    }
}
