import Foundation

enum AppEnvironment { case staging, production }

struct GoogleAuthenticationConfiguration {
    let clientId: String
    let serverClientId: String
}

final class GodToolsAppConfig {
    let environment: AppEnvironment = .production

    func getGoogleAuthenticationConfiguration() -> GoogleAuthenticationConfiguration {
        let clientId: String
        let serverClientId: String
        switch environment {
        case .staging:
            clientId = "18648982174-nuud6jyul5p14kl90hjt6qvzyfdpm9i9.apps.googleusercontent.com"
            serverClientId = "18648982174-d8kbp6kodz5ouv7w7dtir5m3y7b4p15j.apps.googleusercontent.com"
        case .production:
            clientId = "18648982174-ou26ccr6rtvzv093ojyr7uffjs9ucv1w.apps.googleusercontent.com"
            serverClientId = "18648982174-f74nkjsrsgw5zc7x1qs143g0ra4crs1p.apps.googleusercontent.com"
        }
        return GoogleAuthenticationConfiguration(clientId: clientId, serverClientId: serverClientId)
    }
}
