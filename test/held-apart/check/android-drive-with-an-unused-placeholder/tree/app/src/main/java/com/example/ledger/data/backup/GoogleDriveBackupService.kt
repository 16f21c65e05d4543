package com.example.ledger.data.backup

import android.content.Context
import com.google.android.gms.auth.api.signin.GoogleSignIn
import com.google.android.gms.auth.api.signin.GoogleSignInClient
import com.google.android.gms.auth.api.signin.GoogleSignInOptions
import com.google.android.gms.common.api.Scope
import com.google.api.services.drive.DriveScopes

class GoogleDriveBackupService(private val context: Context) {
    /**
     * Play services find the client by package name and SHA-1.
     * The string resource "google_oauth_client_id" is optional and used only for validation/display.
     */
    fun getGoogleSignInClient(): GoogleSignInClient? {
        return try {
            val signInOptions = GoogleSignInOptions.Builder(GoogleSignInOptions.DEFAULT_SIGN_IN)
                .requestEmail()
                .requestScopes(Scope(DriveScopes.DRIVE_FILE))
                .build()
            GoogleSignIn.getClient(context, signInOptions)
        } catch (e: Exception) {
            null
        }
    }
}
