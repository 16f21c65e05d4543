import Firebase

final class LoginViewModel {
    func verify(number: String) {
        PhoneAuthProvider.provider().verifyPhoneNumber(number, uiDelegate: nil) { id, error in
            print(id ?? "", error ?? "")
        }
    }
}
