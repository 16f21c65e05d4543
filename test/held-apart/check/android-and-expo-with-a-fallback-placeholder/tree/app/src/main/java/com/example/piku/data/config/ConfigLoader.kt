package com.example.piku.data.config

import android.content.Context
import com.example.piku.R
import org.json.JSONObject

object ConfigLoader {
    fun googleWebClientId(context: Context): String? {
        val json = runCatching { context.assets.open("config.json").reader().readText() }.getOrNull()
        val fromFile = json?.let { JSONObject(it).optJSONObject("google") }?.optString("webClientId", "")?.trim()?.ifEmpty { null }
        if (fromFile != null) return fromFile
        val fallback = context.getString(R.string.default_web_client_id).trim()
        return fallback.ifEmpty { null }
    }
}
