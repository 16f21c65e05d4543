package com.example.demo;

import com.google.api.client.googleapis.auth.oauth2.GoogleIdTokenVerifier;
import java.util.List;

class GoogleVerifier {
    static GoogleIdTokenVerifier.Builder audience(GoogleIdTokenVerifier.Builder builder, String clientId) {
        return builder.setAudience(List.of(clientId));
    }
}
