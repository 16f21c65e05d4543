# The sample of Google's guide to server-side sign-in, with its defaults:
# https://developers.google.com/identity/sign-in/web/server-side-flow
import os
import sys

import httplib2
from apiclient import discovery
from oauth2client import client

credentials = client.credentials_from_clientsecrets_and_code(
    os.environ["GSAC_CLIENT"],
    ["https://www.googleapis.com/auth/drive.appdata", "profile", "email"],
    sys.argv[1],
)
http_auth = credentials.authorize(httplib2.Http())
drive_service = discovery.build("drive", "v3", http=http_auth)
appfolder = drive_service.files().get(fileId="appfolder").execute()
print(credentials.id_token["sub"], credentials.id_token["email"], appfolder["name"])
