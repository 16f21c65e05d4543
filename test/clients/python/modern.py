"""Google's present libraries for Python: google-auth, google-auth-oauthlib, googleapiclient."""

import io
import json
import sys

import google.auth.transport.requests
import requests
from google.oauth2 import credentials as oauth2
from google.oauth2 import id_token
from google_auth_oauthlib.flow import Flow
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload, MediaIoBaseUpload

client_file, auth_code, origin = sys.argv[1:4]
SCOPES = [
    'openid',
    'https://www.googleapis.com/auth/userinfo.email',
    'https://www.googleapis.com/auth/userinfo.profile',
    'https://www.googleapis.com/auth/drive.appdata',
]

# The id and the secret go by HTTP Basic here.
flow = Flow.from_client_secrets_file(client_file, scopes=SCOPES, redirect_uri='')
flow.fetch_token(code=auth_code)
credentials = flow.credentials
request = google.auth.transport.requests.Request()
claims = id_token.verify_token(
    flow.oauth2session.token['id_token'], request,
    audience=credentials.client_id, certs_url=origin + '/oauth2/v1/certs')
result = {'email': claims['email'], 'email_verified': claims['email_verified']}

# Kept as an authorized_user file, and read again.
kept = oauth2.Credentials(
    None, refresh_token=credentials.refresh_token, token_uri=credentials.token_uri,
    client_id=credentials.client_id, client_secret=credentials.client_secret)
kept.refresh(request)
result['refreshed'] = kept.valid and kept.token != credentials.token

with requests.get(
        origin + '/discovery/v1/apis/drive/v3/rest', timeout=10) as answer:
    drive = discovery.build_from_document(answer.json(), credentials=kept)
files = drive.files()


def media(content, resumable=False):
    return MediaIoBaseUpload(
        io.BytesIO(content), 'application/octet-stream', chunksize=262144, resumable=resumable)


def upload(name, body):
    wish = {'name': name, 'parents': ['appDataFolder']}
    return files.create(body=wish, media_body=body, fields='id,size').execute()


small = upload('small.bin', media(b'small'))
content = bytes(range(256)) * 2500
large = upload('large.bin', media(content, resumable=True))
result['sizes'] = [small['size'], large['size']]

output = io.BytesIO()
download = MediaIoBaseDownload(output, files.get_media(fileId=large['id']), chunksize=200000)
done = False
while not done:
    _, done = download.next_chunk()
result['same'] = output.getvalue() == content

changed = files.update(
    fileId=small['id'], body={'name': 'renamed.bin'}, media_body=media(b'changed')).execute()
result['renamed'] = changed['name']
result['content'] = files.get_media(fileId=small['id']).execute().decode()

pages = 0
names = []
page = files.list(spaces='appDataFolder', pageSize=2, orderBy='name')
while page is not None:
    answer = page.execute()
    pages += 1
    names += [file['name'] for file in answer['files']]
    page = files.list_next(page, answer)
result['pages'] = pages
result['names'] = names

files.delete(fileId=small['id']).execute()
try:
    files.get(fileId=small['id']).execute()
except HttpError as error:
    result['gone'] = error.resp.status
try:
    files.list().execute()
except HttpError as error:
    result['without_spaces'] = error.resp.status

revoked = requests.post(
    origin + '/revoke', params={'token': kept.refresh_token},
    headers={'content-type': 'application/x-www-form-urlencoded'}, timeout=10)
result['revoked'] = revoked.status_code
try:
    kept.refresh(request)
except google.auth.exceptions.RefreshError as error:
    result['after_revocation'] = str(error)

json.dump(result, sys.stdout)
