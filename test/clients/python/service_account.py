"""What a server does that has the key of a service account: by Google's library, as it is."""
import json
import sys

from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

DRIVE = 'https://www.googleapis.com/auth/drive.appdata'
key_file, origin = sys.argv[1:]


def refreshed(credentials):
    try:
        credentials.refresh(Request())
        return 'refreshed'
    except RefreshError as error:
        return error.args[0]


def files(credentials):
    session = AuthorizedSession(credentials)
    listed = session.get(origin + '/drive/v3/files?spaces=appDataFolder')
    return sorted(file['name'] for file in listed.json()['files'])


plain = service_account.Credentials.from_service_account_file(key_file)
scoped = plain.with_scopes([DRIVE])
identity = service_account.IDTokenCredentials.from_service_account_file(
    key_file, target_audience='https://service.example.com')
json.dump({
    'scoped': refreshed(scoped),
    'own_files': files(scoped),
    'their_files': files(scoped.with_subject('qa@example.org')),
    'without_scopes': refreshed(plain),
    'consumer': refreshed(scoped.with_subject('tester@example.com')),
    'nobody': refreshed(scoped.with_subject('nobody@example.org')),
    'not_delegated': refreshed(plain.with_scopes([DRIVE + '.other']).with_subject('qa@example.org')),
    'identity': refreshed(identity),
}, sys.stdout)
