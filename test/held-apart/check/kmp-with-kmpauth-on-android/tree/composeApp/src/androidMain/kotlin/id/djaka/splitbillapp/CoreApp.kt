package id.djaka.splitbillapp

import android.app.Application
import com.mmk.kmpauth.google.GoogleAuthCredentials
import com.mmk.kmpauth.google.GoogleAuthProvider

class CoreApp : Application() {
    override fun onCreate() {
        super.onCreate()
        GoogleAuthProvider.create(credentials = GoogleAuthCredentials(serverId = WebClientId))
    }
}
