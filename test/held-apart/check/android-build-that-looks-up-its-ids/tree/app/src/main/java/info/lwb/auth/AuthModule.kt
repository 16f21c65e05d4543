package info.lwb.auth

import info.lwb.BuildConfig

object AuthModule {
    fun serverClientId(): String {
        val id = BuildConfig.GOOGLE_SERVER_CLIENT_ID
        require(id.isNotBlank() && id != "CHANGE_ME_SERVER_CLIENT_ID") {
            "GOOGLE_SERVER_CLIENT_ID is unset or placeholder."
        }
        return id
    }
}
