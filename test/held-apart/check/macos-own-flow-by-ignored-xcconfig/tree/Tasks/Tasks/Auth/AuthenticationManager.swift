import AuthenticationServices

final class AuthenticationManager {
    private var session: ASWebAuthenticationSession?

    func signIn() {
        var components = URLComponents(string: GoogleAuthConfig.authEndpoint)
        components?.queryItems = [
            URLQueryItem(name: "client_id", value: GoogleAuthConfig.clientID),
            URLQueryItem(name: "redirect_uri", value: GoogleAuthConfig.redirectURI),
            URLQueryItem(name: "response_type", value: "code"),
            URLQueryItem(name: "access_type", value: "offline"),
            URLQueryItem(name: "prompt", value: "consent"),
        ]
        guard let url = components?.url else { return }
        session = ASWebAuthenticationSession(url: url, callbackURLScheme: "com.example.tasks") { _, _ in }
        session?.start()
    }
}
