import Foundation

enum GoogleConfig {
    static let clientID = "969908410032-h5mdwq7spk9uvodsx4eca8hsj60uwapo.apps.googleusercontent.com"
    static let gmailScopes = ["https://www.googleapis.com/auth/gmail.readonly"]
}
