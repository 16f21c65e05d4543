import Foundation

enum GeneralConstants {
    enum Gmail {
        static let clientID = "497554827882-xterun7ihxpn0jgi2ucrb5mh4o79rwyp.apps.googleusercontent.com"
        static let redirectURL = URL(string: "com.googleusercontent.apps.497554827882-xterun7ihxpn0jgi2ucrb5mh4o79rwyp:/oauthredirect")!
    }
}
