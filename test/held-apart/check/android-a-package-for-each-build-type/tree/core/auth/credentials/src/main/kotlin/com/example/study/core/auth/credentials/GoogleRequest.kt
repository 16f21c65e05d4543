package com.example.study.core.auth.credentials

import android.content.Context
import com.google.android.libraries.identity.googleid.GetGoogleIdOption
import kotlin.uuid.Uuid
import com.example.study.core.auth.gms.R as GmsR

val Context.googleIdOption: GetGoogleIdOption
    get() = GetGoogleIdOption(
        filterByAuthorizedAccounts = true,
        autoSelectEnabled = true,
        serverClientId = getString(GmsR.string.default_web_client_id),
        nonce = Uuid.random().toString()
    )
