import AppAuth

let googleClientNumber = Bundle.main.object(forInfoDictionaryKey: "GOOGLE_CLIENT_NUMBER") as! String
let googleClientSecret = Bundle.main.object(forInfoDictionaryKey: "GOOGLE_CLIENT_SECRET") as! String

enum GoogleCalendar {
    static let issuer = "https://accounts.google.com"
    static let clientID = "\(googleClientNumber).apps.googleusercontent.com"
    static let redirectURI = "com.googleusercontent.apps.\(googleClientNumber):/oauthredirect"
}
