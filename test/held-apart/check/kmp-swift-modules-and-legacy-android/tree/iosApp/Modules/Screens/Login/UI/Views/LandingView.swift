import GoogleSignIn
import GoogleSignInSwift
import SwiftUI

struct LandingView: View {
    @StateObject var viewModel = LandingViewModel()

    var body: some View {
        Button("Google") {
            guard let rootVC = UIApplication.shared.rootViewController else { return }
            GIDSignIn.sharedInstance.signIn(withPresenting: rootVC, completion: viewModel.handleGoogleSignIn)
        }
    }
}
