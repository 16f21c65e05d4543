package com.qweld.app.navigation

import android.content.Context
import com.qweld.app.feature.auth.GoogleCredentialSignInManager

fun signInManager(context: Context) = GoogleCredentialSignInManager(
    context = context,
    serverClientId = context.getString(com.qweld.app.R.string.default_web_client_id),
)
