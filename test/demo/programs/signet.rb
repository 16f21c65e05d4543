require 'json'
require 'signet/oauth_2/client'

web = JSON.parse(File.read(ENV['GSAC_CLIENT']))['web']
client = Signet::OAuth2::Client.new(
  token_credential_uri: 'https://oauth2.googleapis.com/token',
  client_id: web['client_id'],
  client_secret: web['client_secret'],
  redirect_uri: 'postmessage',
  code: ARGV[0]
)
client.fetch_access_token!
uri = 'https://www.googleapis.com/drive/v3/files?spaces=appDataFolder'
exit(client.fetch_protected_resource(uri: uri).status == 200 ? 0 : 1)
