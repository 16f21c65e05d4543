import AuthenticationServices
import Foundation

class OAuth2Manager: NSObject {
    struct OAuth2Config {
        let clientId: String
        let clientSecret: String?
        let authorizationEndpoint: String
        let tokenEndpoint: String
        let redirectURI: String
        let scope: String

        static func config(for provider: MailProvider) -> OAuth2Config? {
            switch provider {
            case .gmail:
                return OAuth2Config(
                    clientId: "YOUR_GOOGLE_CLIENT_ID", // Replace with actual client ID
                    clientSecret: "YOUR_GOOGLE_CLIENT_SECRET",
                    authorizationEndpoint: "https://accounts.google.com/o/oauth2/v2/auth",
                    tokenEndpoint: "https://oauth2.googleapis.com/token",
                    redirectURI: "com.example.mail:/oauth2redirect",
                    scope: "https://mail.google.com/"
                )
            case .outlook:
                return OAuth2Config(
                    clientId: "YOUR_MICROSOFT_CLIENT_ID",
                    clientSecret: "YOUR_MICROSOFT_CLIENT_SECRET",
                    authorizationEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                    tokenEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                    redirectURI: "com.example.mail:/oauth2redirect",
                    scope: "offline_access"
                )
            default:
                return nil
            }
        }
    }
}
