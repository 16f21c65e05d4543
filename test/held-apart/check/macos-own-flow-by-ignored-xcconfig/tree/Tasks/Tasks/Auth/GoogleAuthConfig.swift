import Foundation

enum GoogleAuthConfig {
    static var clientID: String {
        let value = Bundle.main.object(forInfoDictionaryKey: "GOOGLE_CLIENT_ID") as? String
        return value?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    }

    static var redirectURI: String { "com.example.tasks:/oauthredirect" }
    static var scopes: [String] { ["https://www.googleapis.com/auth/tasks"] }
    static var authEndpoint: String { "https://accounts.google.com/o/oauth2/v2/auth" }
    static var tokenEndpoint: String { "https://oauth2.googleapis.com/token" }
}
