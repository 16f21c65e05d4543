import iOSGoogle
import iOSSignIn

extension Services {
    // Server.plist has the values
    private static let plistServerConfig = ("Server", "plist")

    func signInSetup(configPlist: ConfigPlist) -> SignInSetup {
        var signIns = [SignIn]()
        if let googleClientId = configPlist.getValue(for: .GoogleClientId),
            let googleServerClientId = configPlist.getValue(for: .GoogleServerClientId) {
            let googleSignIn = GoogleSyncServerSignIn(serverClientId: googleServerClientId, appClientId: googleClientId, signInDelegate: self)
            signIns += [googleSignIn]
        }
        return SignInSetup(signIns: signIns)
    }
}
