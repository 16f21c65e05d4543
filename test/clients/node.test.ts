import { Readable } from 'node:stream';
import { OAuth2Client } from 'google-auth-library';
import { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { describe, expect, it } from 'vitest';
import { openDesk } from './support.js';

async function signedIn() {
  const desk = await openDesk();
  const { google } = desk;
  const { client_id: clientId, client_secret: clientSecret } = google.clientFile().web;
  const client = new OAuth2Client({ clientId, clientSecret, endpoints: google.endpoints });
  const { tokens } = await client.getToken(google.signIn().code);
  client.setCredentials(tokens);
  return { ...desk, clientId, client, tokens };
}

describe('google-auth-library', () => {
  it('verifies the ID token with the keys of the emulator', async () => {
    const { client, clientId, tokens } = await signedIn();
    const idToken = tokens.id_token ?? '';
    const ticket = await client.verifyIdToken({ idToken, audience: clientId });
    expect(ticket.getPayload()).toMatchObject({
      iss: 'https://accounts.google.com',
      email: 'tester@example.com',
      email_verified: true,
    });
    const others = client.verifyIdToken({ idToken, audience: 'another' });
    await expect(others).rejects.toThrow('Wrong recipient');
  });

  it('follows a redirect with PKCE', async () => {
    const { google, client } = await signedIn();
    const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
    const { code, redirectUri } = google.signIn({
      source: 'web-redirect',
      codeChallenge: codeChallenge ?? '',
    });
    const { tokens } = await client.getToken({ code, codeVerifier, redirect_uri: redirectUri });
    expect(tokens.access_token).toMatch(/^ya29\./);
    const address = client.generateAuthUrl({ access_type: 'offline', redirect_uri: redirectUri });
    expect(address).toMatch(`${google.origin}/o/oauth2/v2/auth?`);
  });

  it('refreshes, asks about the token and revokes it', async () => {
    const { google, client, clientId, tokens } = await signedIn();
    const { credentials } = await client.refreshAccessToken();
    expect(credentials.access_token).not.toBe(tokens.access_token);
    expect(credentials.refresh_token).toBe(tokens.refresh_token);
    const info = await client.getTokenInfo(credentials.access_token ?? '');
    expect(info).toMatchObject({ aud: clientId, email: 'tester@example.com' });
    expect(info.scopes).toContain('https://www.googleapis.com/auth/drive.appdata');
    await client.revokeToken(tokens.refresh_token ?? '');
    await expect(client.refreshAccessToken()).rejects.toThrow('invalid_grant');
    expect(google.requests.count('/revoke')).toBe(1);
  });

  it('repeats a refresh that Google was too busy for', async () => {
    const { google, client } = await signedIn();
    google.inject({ name: 'status', status: 503, times: 2 });
    await client.refreshAccessToken();
    expect(google.requests.list('/token').map(({ status }) => status)).toEqual([
      200, 503, 503, 200,
    ]);
  });
});

describe('googleapis', () => {
  it('lists, reads, sends, changes and deletes', async () => {
    const { client, origin, google } = await signedIn();
    const rootUrl = `${origin}/`;
    const { files } = new drive_v3.Drive({ auth: client, rootUrl });
    const spaces = 'appDataFolder';
    const listed = await files.list({ spaces, fields: 'files(id,name,size)' });
    expect(listed.data.files).toContainEqual({
      id: expect.any(String),
      name: 'settings.json',
      size: '46',
    });
    const folder = await files.get({ fileId: 'appDataFolder' });
    expect(folder.data.mimeType).toBe('application/vnd.google-apps.folder');
    // Uploads have an address of their own, which the client's rootUrl does not cover.
    const created = await files.create(
      {
        requestBody: { name: 'new.txt', parents: [spaces] },
        media: { mimeType: 'text/plain', body: Readable.from(['first ', 'second']) },
      },
      { rootUrl },
    );
    const fileId = created.data.id ?? '';
    const read = await files.get({ fileId, alt: 'media' }, { responseType: 'text' });
    expect(read.data).toBe('first second');
    await files.update({ fileId, requestBody: { name: 'renamed.txt' } });
    expect(google.files().find(({ id }) => id === fileId)?.name).toBe('renamed.txt');
    await files.delete({ fileId });
    await expect(files.get({ fileId })).rejects.toThrow(`File not found: ${fileId}.`);
    await expect(files.list()).rejects.toMatchObject({ status: 403 });
  });
});
