package com.icatch.mobilecam.google;

public class Credentials {
    public static final String GOOGLE_CLIENT_ID = "847518727511-fy6xn0z58ud9ptot3lhav0nhe3w6lzl5.apps.googleusercontent.com";
    public static final String GOOGLE_CLIENT_SECRET = "kKcZyw2DWJuezkn1WxjykDSQ";
    public static final String GOOGLE_REDIRECT_URI = "http://localhost:8080";
}
