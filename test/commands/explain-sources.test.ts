import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useDesk } from '../support/run.js';

interface Explained {
  diagnosis: { cause: string; likelihood: string; evidence: string[]; check?: string }[];
  recognised: boolean;
  observed: { error: string | null };
  question: { ask: string; yes: string; no: string } | null;
  probe: { what: string; verdict: string; detail: string }[] | null;
}

const google = 'https://accounts.google.com/o/oauth2/v2/auth';
const webId = '123456789012-web.apps.googleusercontent.com';

describe('gsac explain', () => {
  const desk = useDesk();
  const noClient = { env: { GSAC_CLIENT: undefined } };

  async function explain(...argv: readonly string[]): Promise<Explained> {
    const ran = await desk.run(['explain', ...argv, '--json'], noClient);
    expect(ran.stderr).toBe('');
    return ran.json<unknown>() as Explained;
  }
  const first = ({ diagnosis }: Explained) => diagnosis[0]?.cause;

  it.each([
    'invalid_grant',
    '{"error":"invalid_grant","error_description":"Bad Request"}',
    'Token has been expired or revoked.',
    'invalid_client',
    'redirect_uri_mismatch',
    'access_denied',
    'unauthorized_client',
    'ApiException: 12500',
    '12500',
    '12501',
    '10',
    'DEVELOPER_ERROR',
    'No credentials available',
    'invalid_request',
    'server_error',
    'notFound',
    'insufficient_scope',
    '7',
    '16',
    '[16] Account reauth failed',
    'insufficientPermissions',
    'Malformed auth code.',
    'no refresh token',
    'serverAuthCode is null',
    'popup_closed',
  ])('lists the few causes of %s, each with a check, and never says "not known"', async (text) => {
    const explained = await explain(text);
    expect(explained.recognised).toBe(true);
    expect(explained.diagnosis.length).toBeGreaterThan(1);
    expect(explained.diagnosis.slice(0, 2).every(({ check }) => check !== undefined)).toBe(true);
    const ran = await desk.run(['explain', text], noClient);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).not.toContain('not known');
    expect(ran.stdout).toContain('check  ');
  });

  it('says which flag decides, and shows all in full with --verbose', async () => {
    const { question, diagnosis } = await explain('invalid_grant');
    expect(question).toMatchObject({ yes: '--stage refresh', no: '--stage exchange' });
    const short = await desk.run(['explain', 'invalid_grant'], noClient);
    expect(short.stdout).toMatch(/Not certain; most often:/);
    expect(short.stdout).toContain('--stage refresh');
    expect(short.stdout.match(/^ {3}fix /gm)).toHaveLength(1);
    const long = await desk.run(['explain', 'invalid_grant', '--verbose'], noClient);
    expect(long.stdout.match(/^ {3}why /gm)).toHaveLength(diagnosis.length);
  });

  it('asks the person at the terminal, one question at a time, and ranks anew', async () => {
    const ran = await desk.run(['explain', 'invalid_grant'], {
      ...noClient,
      tty: true,
      typed: async () => 'y\n',
    });
    expect(ran.stdout).toContain('testing-seven-days');
    expect(ran.stdout).toContain('testing-seven-days');
    expect(ran.stdout).not.toContain('code-already-redeemed');
    const quiet = await desk.run(['explain', 'invalid_grant', '--no-input'], {
      ...noClient,
      tty: true,
    });
    expect(quiet.stderr).toBe('');
  });

  it.each([
    ['InvalidGrant', 'invalid_grant'],
    ['Error: invalid grant', 'invalid_grant'],
    ['{&quot;error&quot;: &quot;redirect_uri_mismatch&quot;}', 'redirect_uri_mismatch'],
    ['"{\\"error\\":\\"unauthorized_client\\"}"', 'unauthorized_client'],
    ['FlowExchangeError: invalid_clientUnauthorized', 'invalid_client'],
    ['Erreur 400 : admin_policy_enforced', 'admin_policy_enforced'],
  ])('reads the error out of %s', async (text, error) => {
    expect((await explain(text)).observed.error).toBe(error);
  });

  it.each([
    ['AADSTS70008: The provided authorization code or refresh token has expired'],
    ['POST https://appleid.apple.com/auth/token 400 {"error":"invalid_grant"}'],
    ['https://sso.example.com/realms/main/protocol/openid-connect/token: invalid_grant'],
  ])('takes %s for no answer of Google’s', async (text) => {
    const { diagnosis } = await explain(text);
    expect(diagnosis).toMatchObject([{ cause: 'other-provider', likelihood: 'certain' }]);
  });

  it('leaves numbers, error codes and words in the evidence, and masks codes', async () => {
    const error = 'GIDSignIn Code=-5 "The user canceled the sign-in flow."';
    expect((await explain(error)).diagnosis[0]?.evidence.join()).toContain('Code=-5');
    const code = '4/0AQSTgFAKEFAKEFAKEFAKEFAKE';
    const shown = JSON.stringify(await explain(`code=${code} redirect_uri_mismatch`));
    expect(shown).not.toContain(code);
  });

  describe('--auth-url', () => {
    const address = (parameters: Record<string, string>) =>
      `${google}?${new URLSearchParams({ client_id: webId, response_type: 'code', ...parameters })}`;
    const callback = 'https://app.example.com/callback';

    it.each([
      [{ redirect_uri: callback }, ['no refresh token'], 'access-type-offline-missing'],
      [
        { redirect_uri: callback, access_type: 'offline' },
        ['no refresh token'],
        'refresh-token-omitted-repeat-consent',
      ],
      [
        { redirect_uri: callback },
        ['redirect_uri_mismatch', '--stage', 'exchange', '--redirect-uri', `${callback}/`],
        'redirect-uri-differs-between-legs',
      ],
      [
        { redirect_uri: 'app.example.com' },
        ['Error 400: invalid_request', '--stage', 'signin-config'],
        'redirect-uri-malformed',
      ],
      [
        { redirect_uri: 'http://203.0.113.9/callback' },
        ['Error 400: invalid_request', '--stage', 'signin-config'],
        'redirect-uri-raw-ip',
      ],
      [
        { client_id: 'undefined', redirect_uri: callback },
        ['invalid_client'],
        'client-id-placeholder-or-unset',
      ],
    ])('reads %j, and with %j names %s', async (parameters, argv, cause) => {
      expect(first(await explain(...argv, '--auth-url', address(parameters)))).toBe(cause);
    });

    it.each([
      [{ scope: 'openid' }, 'authorization-parameter-missing', 'has no redirect_uri'],
      [{ redirect_uri: callback }, 'authorization-parameter-missing', 'has no scope'],
      [
        { redirect_uri: 'http://192.168.1.4/cb', scope: 'openid' },
        'redirect-uri-private-address',
        '192.168',
      ],
      [
        { redirect_uri: callback, scope: 'openid', client_id: webId.slice(0, -4) },
        'client-id-malformed',
        'client ID',
      ],
    ])('notices in %j alone %s', async (parameters, cause, evidence) => {
      const flags = ['--auth-url', address({ access_type: 'offline', ...parameters })];
      const ran = await desk.run(['explain', '--json', ...flags], noClient);
      const [named] = ran.json<{ diagnosis: { cause: string; evidence: string[] }[] }>().diagnosis;
      expect(named?.cause).toBe(cause);
      expect(named?.evidence.join('\n')).toContain(evidence);
    });

    it('finds nothing wrong with a complete request, whatever failed', async () => {
      const complete = { redirect_uri: callback, access_type: 'offline', scope: 'openid' };
      for (const argv of [[], ['invalid_grant'], ['--stage', 'refresh', 'invalid_grant']]) {
        const flags = ['--auth-url', address({ ...complete, prompt: 'consent' }), '--json'];
        const ran = await desk.run(['explain', ...argv, ...flags], noClient);
        const { diagnosis } = ran.json<{ diagnosis: { evidence: string[] }[] }>();
        const evidence = diagnosis.flatMap((one) => one.evidence).join('\n');
        expect(evidence).not.toContain('authorization request');
      }
    });

    it('compares its client with --client', async () => {
      const client = desk.file(
        'web.json',
        JSON.stringify({ web: { client_id: webId, client_secret: 'GOCSPX-fake' } }),
      );
      const other = address({ client_id: '123456789012-ios.apps.googleusercontent.com' });
      const argv = ['--stage', 'exchange', '--client', client, '--auth-url', other];
      expect(first(await explain('invalid_grant', ...argv))).toBe(
        'exchange-client-differs-from-code-client',
      );
    });

    it('refuses another address', async () => {
      const ran = await desk.run(['explain', 'x', '--auth-url', 'https://example.com'], noClient);
      expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    });
  });

  describe('--har', () => {
    const entry = (url: string, status: number, text: string, sent = '') => ({
      request: { url, postData: { text: sent } },
      response: { status, content: { text } },
    });
    const har = (...entries: object[]) =>
      desk.file('flow.har', JSON.stringify({ log: { entries } }));

    it('finds the failing exchange and the authorization request in it', async () => {
      const file = har(
        entry(
          `${google}?client_id=${webId}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fa`,
          302,
          '',
        ),
        entry('https://app.example.com/a?code=4/0AQSTgFAKEFAKEFAKE', 200, ''),
        entry(
          'https://oauth2.googleapis.com/token',
          400,
          '{"error":"redirect_uri_mismatch"}',
          `grant_type=authorization_code&code=4/0AQSTgFAKEFAKEFAKE&client_id=${webId}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fb`,
        ),
        entry('https://app.example.com/error', 500, 'oops'),
      );
      const explained = await explain('--har', file);
      expect(first(explained)).toBe('redirect-uri-differs-between-legs');
      expect(explained.observed.error).toBe('redirect_uri_mismatch');
      expect(JSON.stringify(explained)).not.toContain('QSTgFAKE');
    });

    it('reads a refusal that comes back with the person', async () => {
      const file = har(entry('https://app.example.com/a?error=access_denied', 200, ''));
      expect(first(await explain('--har', file))).toBe('sign-in-cancelled');
    });

    it.each([
      ['is no HAR file', '{}', /is not a HAR file/],
      ['has no refusal', '{"log":{"entries":[]}}', /no request that Google refused/],
    ])('is refused where it %s', async (_what, text, message) => {
      const ran = await desk.run(
        ['explain', '--har', desk.file('a.har', text), '--json'],
        noClient,
      );
      expect(ran.exitCode).toBe(2);
      expect(ran.error().message).toMatch(message);
    });
  });

  describe('--project', () => {
    const project = (name: string, plist: string) => {
      const path = join(desk.home, name, 'App', 'Info.plist');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(
        path,
        `<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleIdentifier</key><string>com.example.app</string>${plist}</dict></plist>`,
      );
      writeFileSync(
        join(dirname(path), 'SignIn.swift'),
        'import GoogleSignIn\nGIDSignIn.sharedInstance.signIn(withPresenting: page) { result, _ in\n  send(result?.serverAuthCode)\n}\n',
      );
      return join(desk.home, name);
    };
    const entry = (key: string, value: string) => `<key>${key}</key><string>${value}</string>`;
    const iosId = entry('GIDClientID', '123456789012-ios.apps.googleusercontent.com');

    it('moves causes up and down by what the files say', async () => {
      const lacking = await explain(
        ...['serverAuthCode is nil', '--source', 'ios', '--project', project('lacking', iosId)],
      );
      expect(first(lacking)).toBe('server-client-id-missing');
      expect(lacking.diagnosis[0]?.evidence.join()).toContain('Info.plist');
      const ids = `${iosId}${entry('GIDServerClientID', webId)}`;
      const named = await explain(
        ...['serverAuthCode is nil', '--source', 'ios', '--project', project('named', ids)],
      );
      expect(first(named)).not.toBe('server-client-id-missing');
    });

    it('is refused where there is nothing to check', async () => {
      const folder = join(desk.home, 'empty');
      mkdirSync(folder, { recursive: true });
      const ran = await desk.run(['explain', 'invalid_grant', '--project', folder], noClient);
      expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    });
  });

  describe('--probe', () => {
    const probe = async (...argv: readonly string[]) => {
      const ran = await desk.run(['explain', ...argv, '--probe', '--json']);
      return { ran, explained: ran.json<unknown>() as Explained };
    };

    it('says first what it will send, and spends nothing', async () => {
      const ran = await desk.run(['explain', 'invalid_client', '--probe']);
      expect(ran.stderr).toMatch(/^gsac: Sending to http:\/\/127\.0\.0\.1:8085\/token: /);
      expect(ran.stderr).toContain('This spends nothing.');
      expect(desk.emulator.requests.count('/token')).toBe(1);
      expect((await desk.run(['exchange', desk.code()])).exitCode).toBe(0);
    });

    it('finds a client right, and takes its causes off the list', async () => {
      const { explained } = await probe('invalid_client');
      expect(explained.probe).toMatchObject([
        { what: 'client', verdict: 'right' },
        { what: 'redirect_uri', verdict: 'undecided' },
        { what: 'clock', verdict: 'right' },
      ]);
      expect(explained.diagnosis.map(({ cause }) => cause)).not.toContain('client-secret-wrong');
    });

    it.each([
      ['wrong-secret', 'client-secret-wrong'],
      ['unknown-client', 'client-id-malformed'],
      ['deleted-client', 'client-deleted'],
    ])('tells %s', async (fault, cause) => {
      desk.emulator.inject({ name: fault });
      const { explained } = await probe('invalid_client');
      expect(explained.probe?.[0]).toMatchObject({ what: 'client', verdict: 'wrong' });
      expect(first(explained)).toBe(cause);
    });

    it('compares the clock with the Date of the answer', async () => {
      desk.emulator.inject({ name: 'clock', seconds: -900, times: 'always' });
      const { explained } = await probe('JWT expired');
      expect(explained.probe?.[2]).toMatchObject({ what: 'clock', verdict: 'wrong' });
      expect(first(explained)).toBe('clock-ahead');
    });

    it('asks tokeninfo about an access token that is given, and shows no secret', async () => {
      const token = `ya29.${'x'.repeat(60)}`;
      const { ran, explained } = await probe(`401 Invalid Credentials ${token}`);
      expect(explained.probe?.[3]).toMatchObject({ what: 'access_token', verdict: 'wrong' });
      expect(`${ran.stdout}${ran.stderr}`).not.toContain(token);
    });

    it('needs a client, and says so where Google cannot be reached', async () => {
      const without = await desk.run(['explain', 'x', '--probe', '--json'], noClient);
      expect(without.error().code).toBe('client_required');
      desk.emulator.inject({ name: 'reset', path: '/token' });
      const lost = await desk.run(['explain', 'x', '--probe', '--json']);
      expect(lost).toMatchObject({ exitCode: 3, stdout: '' });
      expect(lost.error().hint).toBe(null);
    });
  });
});
