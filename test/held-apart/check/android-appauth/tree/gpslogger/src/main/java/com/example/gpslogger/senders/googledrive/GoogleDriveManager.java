package com.example.gpslogger.senders.googledrive;

import android.net.Uri;
import net.openid.appauth.AuthorizationServiceConfiguration;

public class GoogleDriveManager {
    public static String getClientId() {
        // The client of the release key.
        return "692851183536-w3sie8stc7wfos5obv0g07jp0l8lttr2.apps.googleusercontent.com";
    }

    public static String getRedirect() {
        // As in the manifest.
        return "com.example.gpslogger:/oauth2googledrive";
    }

    public static AuthorizationServiceConfiguration getConfiguration() {
        return new AuthorizationServiceConfiguration(
                Uri.parse("https://accounts.google.com/o/oauth2/v2/auth"),
                Uri.parse("https://www.googleapis.com/oauth2/v4/token"));
    }
}
