"""The server of Google's guide to server-side access, as the guide has it, against the emulator.

https://developers.google.com/identity/sign-in/web/server-side-flow, step 7. The only difference is
where the client file and the discovery document are from.
"""

import json
import sys

import httplib2
from apiclient import discovery
from oauth2client import client

CLIENT_SECRET_FILE, auth_code, origin = sys.argv[1:4]
# What redeems the code: the library's own default is that of web pages, apps need the empty one.
more = {'redirect_uri': sys.argv[4]} if len(sys.argv) > 4 else {}

# Exchange auth code for access token, refresh token, and ID token
credentials = client.credentials_from_clientsecrets_and_code(
    CLIENT_SECRET_FILE,
    ['https://www.googleapis.com/auth/drive.appdata', 'profile', 'email'],
    auth_code, **more)

# Call Google API
http_auth = credentials.authorize(httplib2.Http())
drive_service = discovery.build(
    'drive', 'v3', http=http_auth, cache_discovery=False,
    discoveryServiceUrl=origin + '/discovery/v1/apis/{api}/{apiVersion}/rest')
appfolder = drive_service.files().get(fileId='appfolder').execute()

# Get profile info from ID token
userid = credentials.id_token['sub']
email = credentials.id_token['email']

result = {'appfolder': appfolder, 'userid': userid, 'email': email}

# What a server does next: it verifies the token that the app sends along, ...
claims = client.verify_id_token(
    credentials.id_token_jwt, credentials.client_id,
    cert_uri=origin + '/oauth2/v1/certs', http=httplib2.Http())
result['verified'] = claims == credentials.id_token

# ... keeps the credentials as JSON, reads them again, and finds the access token expired, ...
kept = client.OAuth2Credentials.from_json(credentials.to_json())
before = kept.access_token
kept.refresh(httplib2.Http())
result['refreshed'] = kept.access_token != before
result['kept_refresh_token'] = kept.refresh_token == credentials.refresh_token
kept.token_info_uri = origin + '/tokeninfo'
kept.retrieve_scopes(httplib2.Http())
result['scopes'] = sorted(kept.scopes)

# ... and finds it refused, which the library takes for a reason to refresh, ...
kept.access_token = 'ya29.stale'
files = discovery.build(
    'drive', 'v3', http=kept.authorize(httplib2.Http()), cache_discovery=False,
    discoveryServiceUrl=origin + '/discovery/v1/apis/{api}/{apiVersion}/rest').files()
result['files'] = sorted(
    file['name'] for file in files.list(spaces='appDataFolder').execute()['files'])

# ... and in the end gives the access back. The library asks by GET, which the present address does
# not take (oauth2client#750); the older one does.
kept.revoke_uri = origin + '/revoke'
try:
    kept.revoke(httplib2.Http())
except client.TokenRevokeError as error:
    result['present_revocation'] = str(error)
kept.revoke_uri = origin + '/o/oauth2/revoke'
kept.revoke(httplib2.Http())
try:
    credentials.refresh(httplib2.Http())
except client.HttpAccessTokenRefreshError as error:
    result['after_revocation'] = str(error)

json.dump(result, sys.stdout)
