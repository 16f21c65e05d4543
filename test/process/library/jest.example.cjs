const { createEmulator } = require('gsac/emulator');
const { OAuth2Client } = require('google-auth-library');

// Without a port: the client's requests go straight to the emulator.
const google = createEmulator();
const { client_id: clientId, client_secret: clientSecret } = google.clientFile().web;
const client = new OAuth2Client({
  clientId,
  clientSecret,
  transporterOptions: { fetchImplementation: google.fetch },
});

test('a phone that signs in again without consent brings no refresh token', async () => {
  await client.getToken(google.signIn().code);
  const { tokens } = await client.getToken(google.signIn({ forceConsent: false }).code);
  expect(tokens.refresh_token).toBeUndefined();
});

test('an expired ID token is refused', async () => {
  google.inject({ name: 'expired-id-token', seconds: 600 });
  const { tokens } = await client.getToken(google.signIn().code);
  const verifying = client.verifyIdToken({ idToken: tokens.id_token, audience: clientId });
  await expect(verifying).rejects.toThrow('Token used too late');
});
