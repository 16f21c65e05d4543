import SwiftUI

struct LoginScreen: View {
    var body: some View {
        GoogleSigninButton {
            // TODO: sign in with Google
        }
    }
}
