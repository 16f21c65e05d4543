package com.icatch.mobilecam.google;

import com.google.api.client.googleapis.auth.oauth2.GoogleRefreshTokenRequest;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.jackson2.JacksonFactory;

public class GoogleAuthTool {
    public static final String CLIENT_SECRET="ksoV9XlH7zOpd5yAdjlXKTXQ";
    public static final String CLIENT_ID="466657562962-tmm4a3x0hzorl3akn5kyme3xhpw75yw1.apps.googleusercontent.com";

    public static String refreshAccessToken(String refreshToken) throws java.io.IOException {
        return new GoogleRefreshTokenRequest(new NetHttpTransport(), new JacksonFactory(),
                refreshToken, CLIENT_ID, CLIENT_SECRET).execute().getAccessToken();
    }
}
