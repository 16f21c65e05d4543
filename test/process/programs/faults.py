# The same as faults.sh, with requests.
import json
import os
import sys

import requests

emulator = os.environ["GSAC_EMULATOR"]
client = json.load(open(os.environ["GSAC_CLIENT"]))["web"]
own = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
token = "https://oauth2.googleapis.com/token"
www = "https://www.googleapis.com"
secrets = open(os.environ["SECRETS"], "a")


def keep(*values):
    for value in values:
        if value:
            print(value, file=secrets)


def admin(path, body):
    return requests.post(f"{emulator}/_emulator{path}", json=body).json()


def ask(method, url, **more):
    headers = {"User-Agent": row, **more.pop("headers", {})}
    try:
        return requests.request(method, url, headers=headers, allow_redirects=False, **more)
    except requests.RequestException:
        return None


def post_token(fields):
    answer = ask("POST", token, data={**own, **fields})
    try:
        found = answer.json()
    except (AttributeError, ValueError):
        found = {}
    keep(*(found.get(name) for name in ("access_token", "refresh_token", "id_token")))
    return found


def send_code(code):
    return post_token({"grant_type": "authorization_code", "redirect_uri": "", "code": code})


def exchange():
    global code
    code = admin("/sign-in", {})["code"]
    keep(code)
    return send_code(code)


def get(url, method="GET", **more):
    ask(method, url, headers={"Authorization": "Bearer " + tokens.get("access_token", "")}, **more)


def list_files():
    get(f"{www}/drive/v3/files", params={"spaces": "appDataFolder"})


def authorize():
    get(
        "https://accounts.google.com/o/oauth2/v2/auth",
        params={
            "client_id": client["client_id"],
            "response_type": "code",
            "scope": "openid",
            "prompt": "none",
            "login_hint": "tester@example.com",
            "redirect_uri": "http://localhost:8080/oauth2callback",
        },
    )


keep(client["client_secret"])
for line in sys.stdin:
    fault, what = line.split()
    row = "setup"
    tokens = {} if what in ("exchange", "certs", "authorize") else exchange()
    row = f"{fault}/{what}"
    admin("/faults", {"name": fault})
    if what in ("exchange", "exchange-list"):
        tokens = exchange()
    if what == "again":
        send_code(code)
    elif what == "refresh":
        post_token({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
    elif what in ("list", "exchange-list"):
        list_files()
    elif what == "many":
        for _ in range(11):
            list_files()
    elif what == "upload":
        get(f"{www}/upload/drive/v3/files", "POST", params={"uploadType": "media"}, data=b"x")
    elif what == "userinfo":
        get(f"{www}/oauth2/v3/userinfo")
    elif what == "certs":
        get(f"{www}/oauth2/v3/certs")
    elif what == "authorize":
        authorize()
    requests.delete(f"{emulator}/_emulator/faults")
