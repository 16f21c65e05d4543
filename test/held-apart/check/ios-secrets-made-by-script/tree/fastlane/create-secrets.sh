#!/bin/sh
cat > Common/CloudAccessSecrets.swift <<EOM
import Foundation

public enum CloudAccessSecrets {
	public static let boxClientId = "${BOX_CLIENT_ID}"
	public static let boxClientSecret = "${BOX_CLIENT_SECRET}"
	public static let googleDriveClientId = "${GOOGLE_DRIVE_CLIENT_ID}"
	public static let googleDriveRedirectURL = URL(string: "${GOOGLE_DRIVE_REDIRECT_URL_SCHEME}:/oauthredirect")
}
EOM
