import Config from "react-native-config";
import { OAuth2Client } from "@vault/google-oauth2-client";

const CLIENT_WEB = Config.GOOGLE_CLIENT_ID;
const CLIENT_SECRET = Config.GOOGLE_CLIENT_SECRET;

function getClient(): OAuth2Client {
    return new OAuth2Client(CLIENT_WEB, CLIENT_SECRET, "https://vault.example.com/auth/google/");
}

export function generateAuthorisationURL(): string {
    return getClient().generateAuthUrl({
        access_type: "offline",
        scope: ["email", "https://www.googleapis.com/auth/drive.file"],
        prompt: "consent select_account"
    });
}
