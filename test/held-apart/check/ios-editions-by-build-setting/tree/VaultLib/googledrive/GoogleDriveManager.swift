import AuthenticationServices

func session(_ url: URL, _ done: @escaping (URL?, Error?) -> Void) -> ASWebAuthenticationSession {
    ASWebAuthenticationSession(url: url, callbackURLScheme: GoogleDriveAPI.callbackURLScheme, completionHandler: done)
}
