import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emulatorFetch, type Ran, useDesk } from '../support/run.js';

interface Cause {
  cause: string;
  likelihood: string;
  evidence: string[];
  fix: string[];
}

const refused = (error: string, description: string) =>
  JSON.stringify({ error, error_description: description });
const dead = refused('invalid_grant', 'Token has been expired or revoked.');

describe('explain holds to what the input says', () => {
  const desk = useDesk();

  async function explain(...argv: readonly string[]): Promise<Cause[]> {
    const ran = await desk.run(['explain', ...argv, '--json'], { env: { GSAC_CLIENT: undefined } });
    expect(ran.stderr).toBe('');
    return ran.json<{ diagnosis: Cause[] }>().diagnosis;
  }
  const named = (causes: readonly Cause[], ...likelihoods: readonly string[]) =>
    causes.filter(({ likelihood }) => likelihoods.includes(likelihood)).map(({ cause }) => cause);

  it.each([
    ['Malformed auth code.', 'code-percent-encoded', 'likely'],
    [refused('invalid_grant', 'Malformed auth code.'), 'code-percent-encoded', 'likely'],
    [
      refused('invalid_client', 'The OAuth client was not found.'),
      'client-id-placeholder-or-unset',
      'possible',
    ],
    ['The OAuth client was not found.', 'client-id-placeholder-or-unset', 'possible'],
    ['ITMS-91061: Missing privacy manifest', 'privacy-manifest-missing', 'certain'],
    ['Error 403: access_denied', 'test-user-not-added', 'likely'],
    ['https://app.example.com/cb?error=access_denied', 'sign-in-cancelled', 'likely'],
    // Who had closed the picker would not ask.
    ['ApiException: 12501', 'android-signing-cert-mismatch', 'possible'],
    ['activity is cancelled by the user', 'android-signing-cert-mismatch', 'possible'],
    [
      'PlatformException(sign_in_failed, com.google.android.gms.common.api.ApiException: 10: , null)',
      'android-signing-cert-mismatch',
      'possible',
    ],
    ['idToken returns null', 'server-client-id-missing', 'possible'],
    ['Google Sign In failure.', 'android-signing-cert-mismatch', 'possible'],
    ['{"error": "emm_passcode_required"}', 'device-policy-not-met', 'certain'],
    ['Error=DeviceManagementScreenlockRequired', 'device-policy-not-met', 'certain'],
    [
      'Missing property "redirect_uris" in a client type of "web".',
      'client-json-without-redirect-uris',
      'certain',
    ],
    ['serverAuthCode is nil', 'server-client-id-missing', 'likely'],
    ["The user's Drive storage quota has been exceeded.", 'drive-storage-full', 'possible'],
    ['Token has been expired or revoked.', 'testing-seven-days', 'possible'],
    [dead, 'testing-seven-days', 'possible'],
  ])('%s names %s first (%s)', async (text, cause, likelihood) => {
    expect((await explain(text))[0]).toMatchObject({ cause, likelihood });
  });

  it('names cutting off and placeholders beside the encoding, and no used code', async () => {
    const causes = (await explain('Malformed auth code.')).map(({ cause }) => cause);
    expect(causes).toEqual(
      expect.arrayContaining([
        'code-whitespace',
        'code-placeholder-literal',
        'code-double-encoded',
      ]),
    );
    expect(causes).not.toContain('code-already-redeemed');
  });

  it.each([
    'Malformed auth code.',
    'Bad Request',
    'Code was already redeemed.',
    'Invalid code verifier.',
  ])('invents no refresh where the body says "%s"', async (description) => {
    const causes = await explain(refused('invalid_grant', description));
    expect(causes.length).toBeGreaterThan(0);
    expect(JSON.stringify(causes.map(({ evidence }) => evidence))).not.toMatch(/refresh/);
  });

  it('leaves open whether a code or a refresh token was refused', async () => {
    const causes = await explain(refused('invalid_grant', 'Bad Request'));
    expect(named(causes, 'certain', 'likely')).toEqual([]);
    expect(named(causes, 'possible')).toEqual(
      expect.arrayContaining(['code-already-redeemed', 'access-revoked-by-user']),
    );
  });

  it.each([
    ['Google Drive API has not been used in project 123 before or it is disabled', /six-months/],
    ['Token has been expired or revoked.', /id-token-expired/],
    ['the refresh token has expired', /id-token-expired/],
    [refused('invalid_token', 'Token expired or revoked'), /id-token-expired/],
    ['connect ECONNREFUSED 127.0.0.1:8080', /proxy-not-used/],
    [refused('invalid_grant', 'Invalid code verifier.'), /already-redeemed|revoked-by-user/],
  ])('%s is not taken for %s', async (text, other) => {
    expect((await explain(text)).map(({ cause }) => cause).join()).not.toMatch(other);
  });

  it('takes a registered SHA-1 for no fault, and for no proof that the client ID is right', async () => {
    const causes = await explain(
      'DEVELOPER_ERROR',
      '--source=android',
      '--notes=the SHA-1 is added in the console',
    );
    expect(named(causes, 'certain', 'likely')).toEqual([]);
    expect(named(causes, 'possible')).toEqual(
      expect.arrayContaining([
        'android-signing-cert-mismatch',
        'android-client-id-as-web-client-id',
      ]),
    );
  });

  it('takes a wrapped client for no bare one', async () => {
    const notes = '--notes=the file begins with {"web":{"client_id":"…"';
    const causes = await explain('it fails', '--stage=client-file', notes);
    expect(causes[0]?.cause).toBe('client-json-other-section');
    expect(named(causes, 'certain', 'likely')).not.toContain('client-json-unwrapped');
  });

  it('takes no error of tokeninfo for a revocation', async () => {
    const causes = await explain(refused('invalid_token', 'Invalid Value'));
    expect(named(causes, 'certain', 'likely')).toEqual([]);
  });

  it.each([
    ['ios', '', 'redirect-uri-must-be-postmessage', 'redirect-uri-must-be-empty'],
    ['web-popup', 'postmessage', 'redirect-uri-must-be-empty', undefined],
    ['android', 'postmessage', 'redirect-uri-must-be-empty', undefined],
  ])('a mismatch with source %s and redirect_uri "%s" is %s', async (source, uri, first, never) => {
    const causes = await explain(
      ...['redirect_uri_mismatch', '--stage', 'exchange'],
      ...['--source', source, '--redirect-uri', uri],
    );
    expect(causes[0]?.cause).toBe(first);
    expect(causes.map(({ cause }) => cause)).not.toContain(never);
  });

  it.each([
    ['{"a":1}', 'wrong-value-as-code', 'likely'],
    ['{"access_token":"ya29.abc","expires_in":3599}', 'wrong-value-as-code', 'certain'],
    ['{{code}}', 'code-placeholder-literal', 'certain'],
    ['$CODE', 'code-placeholder-literal', 'certain'],
    ['4/0AXXXX', 'code-placeholder-literal', 'certain'],
  ])('a code of %s is %s (%s)', async (code, cause, likelihood) => {
    expect((await explain('--code', code))[0]).toMatchObject({ cause, likelihood });
  });

  it.each([
    [{ foo: 1 }, /It takes stage, http_status/],
    [{ token_age_day: 3 }, /Did you mean token_age_days\?/],
    [{ 'http-status': 400 }, /Did you mean http_status\?/],
  ])('refuses the context %j', async (context, hint) => {
    const file = desk.file('context.json', JSON.stringify(context));
    const ran = await desk.run(['explain', 'invalid_grant', '--context', file, '--json']);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'usage' });
    expect(ran.error().hint).toMatch(hint);
  });
});

describe('the causes of gsac’s own failures, by what gsac itself did', () => {
  const desk = useDesk();

  const causesOf = (ran: Ran) => ran.error()['diagnosis'] as Cause[];
  const failedCheck = (ran: Ran, id: string) => {
    const { flows } = ran.json<{ flows: { checks: Record<string, unknown>[] }[] }>();
    const check = flows[0]?.checks.find((one) => one['id'] === id);
    expect(check).toMatchObject({ outcome: 'fail' });
    return check;
  };
  const exchange = async (code: string, ...more: string[]) =>
    causesOf(await desk.run(['exchange', code, ...more, '--json']));

  it.each(['4/', '4/1AXXXX', 'cut off'])(
    '%s was not sent twice: it is no whole code',
    async (code) => {
      const causes = await exchange(
        code === 'cut off' ? desk.code().slice(0, 14).replace('0A', '1A') : code,
      );
      expect(causes[0]).toMatchObject({ cause: 'code-whitespace', likelihood: 'likely' });
      expect(causes.map(({ cause }) => cause)).toContain('code-placeholder-literal');
      // gsac decodes by itself.
      expect(causes.map(({ cause }) => cause).join()).not.toMatch(/encoded|redeemed/);
    },
  );

  it('does not advise to send what it has just sent', async () => {
    const causes = await exchange(desk.code({ source: 'web-popup' }));
    expect(causes[0]).toMatchObject({
      cause: 'redirect-uri-must-be-postmessage',
      likelihood: 'likely',
      fix: [expect.stringContaining('--source web-popup')],
    });
    expect(causes[1]?.cause).toBe('redirect-uri-differs-between-legs');
    expect(causes.map(({ cause }) => cause)).not.toContain('redirect-uri-must-be-empty');
  });

  it.each(['nil', 'null', '{"serverAuthCode":null}'])(
    '%s is a sign-in that gave no code',
    async (code) => {
      const causes = await exchange(code);
      expect(causes.map(({ cause }) => cause)).toContain('server-client-id-missing');
    },
  );

  it('takes JSON without a code for another value, and for no placeholder', async () => {
    const causes = await exchange('{"a":1}');
    expect(causes).toMatchObject([{ cause: 'wrong-value-as-code', likelihood: 'likely' }]);
  });

  it('names causes of a client that is not found, and not its secret', async () => {
    desk.emulator.inject({ name: 'unknown-client' });
    const causes = await exchange(desk.code());
    expect(causes.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['client-id-placeholder-or-unset', 'client-id-malformed']),
    );
    expect(causes.map(({ cause }) => cause)).not.toContain('client-secret-wrong');
  });

  it('names a full storage', async () => {
    await desk.exchange();
    desk.emulator.inject({ name: 'storage-full' });
    const ran = await desk.run(['files', 'put', desk.file('a.txt', 'a'), '--json']);
    expect(causesOf(ran)[0]).toMatchObject({ cause: 'drive-storage-full', likelihood: 'certain' });
  });

  it.each([
    ['no proxy in a connection on this machine', { name: 'reset' }],
    ['no web page in a status', { name: 'status', status: 500 }],
  ])('sees %s', async (_what, fault) => {
    desk.emulator.inject({ ...fault, path: '/token' });
    expect(await exchange(desk.code())).toEqual([]);
  });

  it('names no cause of a missing file', async () => {
    await desk.exchange();
    await desk.run(['files', 'put', desk.file('a.txt', 'a')]);
    desk.emulator.inject({ name: 'file-gone' });
    const causes = causesOf(await desk.run(['files', 'delete', 'a.txt', '--yes', '--json']));
    expect(causes.map(({ cause }) => cause)).not.toContain('spaces-param-missing');
  });

  it('names causes of an imported refresh token that is dead', async () => {
    const { client_id, client_secret, token_uri } = JSON.parse(
      readFileSync(desk.clientFile, 'utf8'),
    ).web;
    const file = desk.file(
      'user.json',
      JSON.stringify({
        type: 'authorized_user',
        ...{ client_id, client_secret, token_uri },
        refresh_token: '1//0deadDeadDeadDeadDeadDeadDead',
      }),
    );
    const causes = causesOf(await desk.run(['accounts', 'import', file, '--json']));
    expect(causes.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['testing-seven-days', 'access-revoked-by-user']),
    );
  });

  it.each([
    ['no-issued-at', 'id_token.issued_at', []],
    ['no-expiry', 'id_token.expiry', []],
    // This machine's clock is right, as the answers' Date says.
    ['future-id-token', 'id_token.issued_at', []],
    ['audience-list', 'id_token.audience', []],
    ['long-lived-id-token', 'id_token.expiry', []],
    ['access-token-invalid', 'tokeninfo.answer', []],
    ['expired-id-token', 'id_token.expiry', ['id-token-expired']],
    ['wrong-audience', 'id_token.audience', ['audience-mismatch']],
  ])('verify: %s fails %s for %j', async (fault, id, expected) => {
    desk.emulator.inject({ name: fault });
    const check = failedCheck(await desk.run(['verify', '--code', desk.code(), '--json']), id);
    const causes = (check?.['causes'] ?? []) as Cause[];
    expect(causes.slice(0, 1).map(({ cause }) => cause)).toEqual(expected);
  });

  it('verify: knows the clock behind also where the keys come out of a cache', async () => {
    desk.emulator.inject({ name: 'future-id-token' });
    const ask = emulatorFetch(desk.emulator);
    const ran = await desk.run(['verify', '--code', desk.code(), '--json'], {
      async fetch(url, init) {
        const answer = await ask(url, init);
        const age = url.endsWith('/certs') ? 20_000 : 0;
        const date = new Date(desk.now + (3_600 - age) * 1000).toUTCString();
        return new Response(await (answer as Response).arrayBuffer(), {
          status: answer.status,
          headers: { 'content-type': 'application/json', date, age: String(age) },
        });
      },
    });
    const check = failedCheck(ran, 'id_token.issued_at');
    expect(check?.['causes']).toMatchObject([{ cause: 'clock-behind' }]);
  });
});
