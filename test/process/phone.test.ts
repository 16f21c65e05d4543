import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../support/process.js';

const program = fileURLToPath(new URL('programs/google-sign-in-ios.mjs', import.meta.url));
const appdata = 'https://www.googleapis.com/auth/drive.appdata';
const driveFile = 'https://www.googleapis.com/auth/drive.file';
const clientOf = (name: string, project = '407408718192') =>
  `${project}-${name}.apps.googleusercontent.com`;
const server = clientOf('webserver0emulator0client0000001');
const phone = clientOf('iosphone00emulator0client0000001');
const basic = [
  'https://www.googleapis.com/auth/userinfo.email',
  'https://www.googleapis.com/auth/userinfo.profile',
  'openid',
];

/** What the program prints: what the SDK hands to the app, or why it does not. */
interface Step {
  user?: { userID: string; email: string; name: string; grantedScopes: string[] } & Idp;
  serverAuthCode?: string | null;
  refreshToken?: boolean;
  failed?: Record<string, unknown>;
  requests: string[];
}

interface Idp {
  aud: string;
  azp: string;
}

/** Runs lines of sh in which `phone` is the SDK and `code` the code of its last answer. */
async function onPhone(script: string, flags: readonly string[] = []): Promise<unknown[]> {
  const box = await createSandbox();
  const line = `phone() { '${process.execPath}' '${program}' "$@" | tee last.json; }
code() { '${process.execPath}' -p 'JSON.parse(fs.readFileSync("last.json")).serverAuthCode'; }
${script}`;
  const ran = await box.run(['emulator', 'run', ...flags, '--', 'sh', '-c', line], {
    env: { GSAC_HOME: undefined, GSAC_STORE: undefined, GSAC_FILE_KEY: undefined },
  });
  const lines = ran.stdout.trimEnd().split('\n');
  return lines.map((text) => JSON.parse(text));
}

const options = (given: object) => `'${JSON.stringify(given)}'`;

describe('Google’s SDK for iOS under gsac emulator run', () => {
  it('signs in, for itself and for its server', async () => {
    const [signedIn, exchanged] = (await onPhone(
      `phone sign-in ${options({ scopes: [appdata], hint: 'qa@example.org', authTime: true })}
gsac exchange "$(code)" --json | tr -d '\\n'`,
    )) as [Step, Record<string, unknown>];
    expect(signedIn).toMatchObject({
      user: {
        email: 'qa@example.org',
        name: 'Quinn Avery',
        aud: server,
        azp: phone,
        authTime: expect.any(Number),
      },
      serverAuthCode: expect.stringMatching(/^4\/0A/),
      refreshToken: true,
    });
    expect(signedIn.user?.grantedScopes.toSorted()).toEqual([appdata, ...basic].toSorted());
    expect(signedIn.requests).toEqual([
      'GET https://accounts.google.com/o/oauth2/v2/auth response_type client_id include_granted_scopes audience login_hint claims emm_support device_os gpsdk gidenv redirect_uri scope state nonce code_challenge code_challenge_method',
      'POST https://oauth2.googleapis.com/token grant_type redirect_uri code code_verifier audience emm_support device_os gpsdk gidenv client_id',
    ]);
    expect(exchanged).toMatchObject({
      account: { email: 'qa@example.org', client_id: server },
      refresh_token: { status: 'stored' },
      id_token: { verdict: 'valid', claims: { aud: server, azp: phone } },
      sent: { redirect_uri: '' },
    });
  });

  it('restores, adds scopes, signs in again and disconnects', async () => {
    const [first, restored, added, kept, , disconnected, dead, gone, fresh, stored] =
      (await onPhone(
        `phone sign-in ${options({ scopes: [appdata] })}
gsac exchange "$(code)" --quiet >/dev/null
phone restore
phone add-scopes ${options({ scopes: [driveFile] })}
phone sign-in > again.json
gsac exchange "$(code)" --json | tr -d '\\n'; echo
cat again.json
phone disconnect
gsac refresh --json 2>&1
phone restore
phone sign-in > again.json; cat again.json
gsac exchange "$(code)" --json | tr -d '\\n'`,
      )) as [Step, Step, Step, Record<string, unknown>, Step, Step, object, Step, Step, object];
    expect(restored).toMatchObject({ serverAuthCode: null, refreshToken: false });
    expect(restored.user).toEqual(first.user);
    expect(restored.requests).toEqual([
      'POST https://oauth2.googleapis.com/token grant_type refresh_token audience emm_support device_os gpsdk gidenv client_id',
      'GET https://www.googleapis.com/oauth2/v3/userinfo access_token',
    ]);
    expect(added.user?.grantedScopes).toEqual(
      expect.arrayContaining([appdata, driveFile, ...basic]),
    );
    expect(added.serverAuthCode).toMatch(/^4\/0A/);
    expect(added.requests[0]).toContain(' login_hint ');
    // Nobody has seen the consent page: the server keeps what it has.
    expect(kept).toMatchObject({
      refresh_token: { status: 'kept_previous' },
      scopes: expect.arrayContaining([driveFile]),
    });
    expect(disconnected).toEqual({
      requests: ['GET https://accounts.google.com/o/oauth2/revoke token gpsdk gidenv'],
    });
    expect(dead).toMatchObject({ error: { code: 'invalid_grant' } });
    expect(gone.failed).toEqual({ error: 'kGIDSignInErrorCodeHasNoAuthInKeychain' });
    expect(fresh.user?.grantedScopes.toSorted()).toEqual(basic.toSorted());
    expect(stored).toMatchObject({ refresh_token: { status: 'stored' } });
  });

  const scheme = phone.split('.').reverse().join('.');
  const mismatch = { page: '400: redirect_uri_mismatch' };
  const invalid = (sentence: string) => ({ page: '400: invalid_request', sentence });
  const token = (status: number, error: string, error_description: string) => ({
    status,
    error,
    error_description,
  });
  it.each<[string, object, Record<string, unknown>]>([
    ['the person cancels', { cancels: true }, { error: 'access_denied' }],
    [
      'the server of another project',
      { serverClientID: clientOf('webserver0emulator0client0000002', '816263040977') },
      token(
        400,
        'invalid_audience',
        'The audience client and the client need to be in the same project.',
      ),
    ],
    [
      'a server ID that is none',
      { serverClientID: 'com.googleusercontent.apps.407408718192-webserver0' },
      token(400, 'invalid_audience', 'Audience is not a valid client ID.'),
    ],
    ['the scheme of another app', { redirectURL: 'com.example.app:/oauth2callback' }, mismatch],
    ['a web address', { redirectURL: 'https://app.example.com/oauth2callback' }, mismatch],
    [
      'a scheme with a host',
      { redirectURL: `${scheme}://oauth2callback` },
      invalid(
        `Invalid parameter value for redirect_uri: Custom schemes cannot have authority: ${scheme}://oauth2callback`,
      ),
    ],
    [
      'no scheme',
      { redirectURL: 'oauth2callback' },
      invalid('Invalid parameter value for redirect_uri: Missing scheme: oauth2callback'),
    ],
    [
      'the server’s ID for its own',
      { clientID: server },
      invalid("Custom scheme URIs are not allowed for 'WEB' client type."),
    ],
    [
      'the ID of the Android app',
      { clientID: clientOf('android000emulator0client0000001') },
      invalid('Custom URI scheme is not enabled for your Android client.'),
    ],
    [
      'a client that does not exist',
      { clientID: clientOf('nobody') },
      { page: '401: invalid_client', sentence: 'The OAuth client was not found.' },
    ],
    ['no verifier', { verifier: '' }, token(400, 'invalid_grant', 'Missing code verifier.')],
    [
      'another verifier',
      { verifier: 'v'.repeat(43) },
      token(400, 'invalid_grant', 'Invalid code verifier.'),
    ],
  ])('is refused as Google refuses it: %s', async (_what, given, failed) => {
    const [refused] = (await onPhone(`phone sign-in ${options(given)}`)) as [Step];
    expect(refused.failed).toMatchObject(failed);
  });

  it('is refused a restore for another server, and keeps what it has', async () => {
    const other = options({
      serverClientID: clientOf('webserver0emulator0client0000002', '816263040977'),
    });
    const [, refused, restored] = (await onPhone(
      `phone sign-in; phone restore ${other}; phone restore`,
    )) as [Step, Step, Step];
    expect(refused.failed).toMatchObject({ error: 'invalid_audience' });
    expect(restored.user).toMatchObject({ aud: server, azp: phone });
  });

  it('without a server, has no code for one', async () => {
    const [signedIn] = (await onPhone(`phone sign-in ${options({ serverClientID: '' })}`)) as [
      Step,
    ];
    expect(signedIn).toMatchObject({ user: { aud: phone, azp: phone }, serverAuthCode: null });
  });

  it('gives its server a code that works once, there only and without a redirect URI', async () => {
    const [, wrong, first, second] = await onPhone(
      `phone sign-in > signed-in.json; cat signed-in.json
gsac exchange "$(code)" --source web-popup --json 2>&1
gsac exchange "$(code)" --json | tr -d '\\n'; echo
gsac exchange "$(code)" --replay --json 2>&1`,
    );
    expect(wrong).toMatchObject({ error: { code: 'redirect_uri_mismatch' } });
    expect(first).toMatchObject({ refresh_token: { status: 'stored' } });
    expect(second).toMatchObject({ error: { code: 'invalid_grant' } });
  });

  it('takes the IDs of an app’s own project from a config file', async () => {
    const project = '123456789012';
    const own = {
      clientID: clientOf('appappappappappappappappappapp01', project),
      serverClientID: clientOf('srvsrvsrvsrvsrvsrvsrvsrvsrvsrv01', project),
    };
    const [signedIn] = (await onPhone(`phone sign-in ${options(own)}`, [
      '--config',
      fileURLToPath(new URL('programs/phone-emulator.yaml', import.meta.url)),
    ])) as [Step];
    expect(signedIn).toMatchObject({
      user: { aud: own.serverClientID, azp: own.clientID },
      serverAuthCode: expect.stringMatching(/^4\/0A/),
    });
  });
});
