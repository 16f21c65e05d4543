import json
import os
import sys

import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials

with open(os.environ["GSAC_CLIENT"]) as file:
    web = json.load(file)["web"]
answer = requests.post(
    web["token_uri"],
    data={
        "client_id": web["client_id"],
        "client_secret": web["client_secret"],
        "code": sys.argv[1],
        "grant_type": "authorization_code",
        "redirect_uri": "postmessage",
    },
).json()
credentials = Credentials(
    None,
    refresh_token=answer["refresh_token"],
    token_uri=web["token_uri"],
    client_id=web["client_id"],
    client_secret=web["client_secret"],
)
session = AuthorizedSession(credentials)
url = "https://www.googleapis.com/drive/v3/files?spaces=appDataFolder"
session.get(url).raise_for_status()
