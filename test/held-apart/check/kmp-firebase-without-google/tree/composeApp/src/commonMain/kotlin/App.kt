import dev.gitlive.firebase.Firebase
import dev.gitlive.firebase.auth.auth

suspend fun register(email: String, password: String) =
    Firebase.auth.createUserWithEmailAndPassword(email, password)
