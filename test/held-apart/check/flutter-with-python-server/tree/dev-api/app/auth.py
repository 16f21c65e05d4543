import os

from google.auth.transport import requests
from google.oauth2 import id_token


def subject(token: str) -> str:
    audience = os.environ["GOOGLE_OAUTH_CLIENT_ID"]
    return id_token.verify_oauth2_token(token, requests.Request(), audience)["sub"]
