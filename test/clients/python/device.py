"""A device that signs somebody in by Google's older library, which has the whole flow."""
import json
import sys
import urllib.parse
import urllib.request

from oauth2client.client import FlowExchangeError, OAuth2WebServerFlow

client_file, web_client_file, origin = sys.argv[1:]
SCOPES = 'openid email https://www.googleapis.com/auth/drive.file'


def flow_of(path):
    (client,) = json.load(open(path)).values()
    return OAuth2WebServerFlow(
        client['client_id'], client['client_secret'], SCOPES,
        device_uri=origin + '/device/code', token_uri=client['token_uri'],
        auth_uri=client['auth_uri'])


def decide(codes, consent):
    form = {'user_code': codes.user_code, '_user': 'qa@example.org', '_consent': consent}
    urllib.request.urlopen(codes.verification_url, urllib.parse.urlencode(form).encode())


def words(work):
    try:
        work()
    except Exception as error:
        return str(error)


flow = flow_of(client_file)
codes = flow.step1_get_device_and_user_codes()
pending = words(lambda: flow.step2_exchange(device_flow_info=codes))
decide(codes, 'allow')
credentials = flow.step2_exchange(device_flow_info=codes)
refused = flow.step1_get_device_and_user_codes()
decide(refused, 'cancel')
json.dump({
    'pending': pending,
    'email': credentials.id_token['email'],
    'refresh_token': credentials.refresh_token is not None,
    'denied': words(lambda: flow.step2_exchange(device_flow_info=refused)),
    'web_client': words(flow_of(web_client_file).step1_get_device_and_user_codes),
}, sys.stdout)
