import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type BoxEmulator, openSignedIn, type Sandbox } from '../support/process.js';
import { describeWith, itWith, python } from '../support/requires.js';
import { createSecretScanner } from '../support/secret-scanner.js';

const files = 'https://www.googleapis.com/drive/v3/files?spaces=appDataFolder';
const list = `curl -sS -H "Authorization: Bearer $GSAC_ACCESS_TOKEN" '${files}'`;
/** A refresh with what the credentials file holds, as a library does it. */
const refresh = `
field() { sed -n "s/.*\\"$1\\": *\\"\\([^\\"]*\\)\\".*/\\1/p" "$GOOGLE_APPLICATION_CREDENTIALS"; }
curl -sS "$(field token_uri)" -d grant_type=refresh_token -d "client_id=$(field client_id)" \
  -d "client_secret=$(field client_secret)" --data-urlencode "refresh_token=$(field refresh_token)"`;

function guard(box: Sandbox, line: string) {
  return box.run(['exec', '--metadata', '--guard', '--', 'sh', '-c', line]);
}

/** Everything of the account that must not come into reach. */
async function secretsOf(box: Sandbox, { clientFile }: BoxEmulator) {
  const scanner = createSecretScanner();
  const secret = JSON.parse(readFileSync(clientFile, 'utf8')).web.client_secret;
  scanner.add('client secret', secret);
  scanner.add('refresh token', JSON.parse((await box.run(['export'])).stdout).refresh_token);
  scanner.add('access token', (await box.run(['token'])).stdout.trim());
  return scanner;
}

describeWith('curl', 'gsac exec --metadata --guard', () => {
  it('hands over placeholders, with which requests to Google succeed', async () => {
    const { box, emulator } = await openSignedIn();
    const scanner = await secretsOf(box, emulator);
    const metadata = `curl -s -H 'Metadata-Flavor: Google' "http://$GCE_METADATA_HOST/computeMetadata/v1/instance/service-accounts/default/token"`;
    const everything = `env; cat "$GOOGLE_APPLICATION_CREDENTIALS"; ${metadata}; echo; ${refresh}`;
    const ran = await guard(box, `${everything}; echo; echo ----; ${list}`);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const [held = '', listed = ''] = ran.stdout.split('----\n');
    expect(scanner.find(ran.stdout)).toEqual([]);
    expect(held).toContain('"type": "authorized_user"');
    expect(held.match(/"access_token":"ya29\.gsac-placeholder-/g)).toHaveLength(2);
    expect(held).not.toContain('GSAC_CLIENT');
    expect(JSON.parse(listed)).toMatchObject({ kind: 'drive#fileList' });
    expect(readdirSync(box.tmp)).toEqual([]);
  });

  it('leaves a placeholder that goes to another host, or goes without TLS', async () => {
    const { box } = await openSignedIn();
    const heard: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const send = `curl -s --noproxy '' -H "Authorization: Bearer $GSAC_ACCESS_TOKEN"`;
    const clear = `${send} -o /dev/null -w '%{http_code}' http://www.googleapis.com/drive/v3/files`;
    const ran = await guard(box, `${send} http://127.0.0.1:${port}/; ${clear}`);
    expect(heard).toEqual([expect.stringMatching(/^Bearer ya29\.gsac-placeholder-/)]);
    // The emulator, to which the account belongs, knows no such token.
    expect(ran.stdout).toBe('401');
  });

  it('refreshes anew when Google refuses the token that was put in', async () => {
    const { box, emulator } = await openSignedIn();
    const before = await emulator.count('/token');
    await emulator.inject({ name: 'access-token-invalid' });
    const quiet = (line: string) => `${line} -o /dev/null -w '%{http_code} '`;
    const ran = await guard(box, [list, refresh, list].map(quiet).join('; '));
    expect(ran.stdout).toBe('401 200 200 ');
    expect(await emulator.count('/token')).toBe(before + 1);
  });

  it('says of a dead account what Google says, to the program and to the person', async () => {
    const { box, emulator } = await openSignedIn();
    await emulator.inject({ name: 'access-token-invalid' });
    await emulator.inject({ name: 'dead-refresh-token' });
    const ran = await guard(box, `${list} -o /dev/null; ${refresh}; ${refresh} -o /dev/null`);
    expect(ran.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
    expect(ran.stderr).toMatch(/^gsac: warning: No token was put in: The refresh token/);
  });

  itWith('Python with google-auth', 'google.auth.default() of Python', async () => {
    const { box } = await openSignedIn();
    const program = `
import google.auth
from google.auth.transport.requests import AuthorizedSession
credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/drive.appdata"])
print(type(credentials).__module__, AuthorizedSession(credentials).get("${files}").status_code)
`;
    const argv = ['exec', '--metadata', '--guard', '--', python, '-c', program];
    expect((await box.run(argv)).stdout).toBe('google.oauth2.credentials 200\n');
  });

  it('needs --metadata', async () => {
    const { box } = await openSignedIn();
    const ran = await box.run(['exec', '--guard', '--', 'true']);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).toContain('gsac exec --metadata --guard -- true');
  });
});
