import AuthenticationServices

final class GoogleAuthService: NSObject {
    private let callbackScheme = "com.googleusercontent.apps.944918128796-56xwzfifa8r787l7i5f6gn6bmp1ccjpf"
    private var session: ASWebAuthenticationSession?

    func signIn(url: URL, completion: @escaping ([String: String]) -> Void) {
        session = ASWebAuthenticationSession(url: url, callbackURLScheme: callbackScheme) { callback, _ in
            let items = callback.flatMap { URLComponents(url: $0, resolvingAgainstBaseURL: false)?.queryItems } ?? []
            completion(Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { a, _ in a }))
        }
        session?.start()
    }
}
