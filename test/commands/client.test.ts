import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useDesk } from '../support/run.js';
import { expectFailure, lastForm } from './support.js';

describe('The OAuth client', () => {
  const desk = useDesk();

  const web = () => desk.emulator.clientFile().web;
  const withFile = (text: string, ...flags: string[]) =>
    desk.run(['exchange', desk.code(), '--json', '--client', desk.file('c.json', text), ...flags]);
  const withClient = (changes: object, ...flags: string[]) =>
    withFile(JSON.stringify({ web: { ...web(), ...changes } }), ...flags);

  it('comes through a pipe, too, and one that does not end is given up', async () => {
    const pipe = join(desk.home, '..', 'pipe');
    execFileSync('mkfifo', [pipe]);
    const fill = (command: string) => once(spawn('sh', ['-c', `${command} > '${pipe}'`]), 'close');
    const filled = fill(`cat '${desk.clientFile}'`);
    expect(await desk.run(['exchange', desk.code(), '--client', pipe])).toMatchObject({
      exitCode: 0,
    });
    await filled;
    const broken = fill('cat /dev/zero');
    const ran = await desk.run(['exchange', desk.code(), '--json', '--client', pipe]);
    expect(expectFailure(ran, 'client_file_unreadable').message).toMatch(/larger than/);
    await broken;
  });

  it.each<[string, string, RegExp]>([
    [
      'a service account key',
      '{"type":"service_account","private_key":"x"}',
      /service account key/,
    ],
    [
      'an authorized_user file',
      '{"type":"authorized_user","refresh_token":"1//0x"}',
      /authorized_user/,
    ],
    ['a federation file', '{"type":"external_account"}', /workload/],
    ['an impersonation file', '{"type":"impersonated_service_account"}', /impersonation/],
    ['a google-services.json', '{"project_info":{},"client":[]}', /google-services\.json/],
    ['a token answer', '{"access_token":"ya29.x"}', /token answer/],
    [
      'an iOS client',
      '<?xml version="1.0"?><plist><dict><key>PLIST_VERSION</key></dict></plist>',
      /iOS client plist/,
    ],
    [
      'a Firebase plist',
      '<plist><key>PLIST_VERSION</key><key>GOOGLE_APP_ID</key></plist>',
      /GoogleService-Info\.plist/,
    ],
    ['a binary plist', 'bplist00\u0001', /property list/],
    ['an API key', `AIza${'x'.repeat(35)}\n`, /API key/],
    ['a PEM key', '-----BEGIN PRIVATE KEY-----\nx', /PEM/],
  ])('is refused by name where the file is %s, and nothing is sent', async (_what, text, named) => {
    const error = expectFailure(await withFile(text), 'client_file_wrong_kind');
    expect(error.message).toMatch(named);
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /not a JSON object/],
    ['no JSON', '{"web":', /not a JSON object/],
    ['a list', '[]', /not a JSON object/],
    ['no section', '{}', /neither a "web" nor an "installed" client/],
    ['no wrapper', '{"client_id":"x","client_secret":"y"}', /wrapper/],
    ['no client ID', '{"web":{"client_secret":"y"}}', /no client_id/],
    ['a number as ID', '{"web":{"client_id":1}}', /client_id is not a string/],
    ['a placeholder as ID', '{"web":{"client_id":"YOUR_CLIENT_ID"}}', /placeholder/],
    ['quotes in the ID', '{"web":{"client_id":"\\"a.apps.googleusercontent.com\\""}}', /quotes/],
    ['a blank in the ID', '{"web":{"client_id":"a.apps.googleusercontent.com "}}', /blank/],
    ['a reversed ID', '{"web":{"client_id":"com.googleusercontent.apps.1-a"}}', /reverse/],
    ['the secret as ID', '{"web":{"client_id":"GOCSPX-abc"}}', /client secret/],
  ])('is refused where the file holds %s', async (_what, text, said) => {
    const error = expectFailure(await withFile(text), 'client_file_invalid');
    expect(error.message).toMatch(said);
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('is not said to have the other section where it has neither', async () => {
    const { diagnosis } = expectFailure(await withFile('{"name":"app"}'), 'client_file_invalid');
    expect(JSON.stringify(diagnosis)).not.toContain('client-json-other-section');
  });

  it('is read as installed too, and after a byte-order mark', async () => {
    const ran = await withFile(`\ufeff${JSON.stringify({ installed: web() })}`);
    expect(ran.exitCode, ran.stderr).toBe(0);
  });

  const withoutSecret = () => {
    const { client_secret: _secret, ...rest } = web();
    return rest;
  };

  it('of a phone or a desktop without a secret sends none', async () => {
    const ran = await withFile(JSON.stringify({ installed: withoutSecret() }));
    expectFailure(ran, 'request_refused');
    expect(lastForm(desk)).not.toHaveProperty('client_secret');
  });

  it('of the web without a secret is refused, and nothing is sent', async () => {
    for (const secret of [undefined, null, '']) {
      const ran = await withClient({ client_secret: secret });
      const error = expectFailure(ran, 'client_secret_required');
      expect(error.message).toMatch(/c\.json has no client_secret\.$/);
      expect(error.hint).toContain('GSAC_CLIENT_SECRET');
    }
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('of the web without a secret takes it from the variable or a file', async () => {
    const client = desk.file('c.json', JSON.stringify({ web: withoutSecret() }));
    const secret = web().client_secret;
    const flags = ['--client-secret-file', desk.file('secret', `${secret}\n`)];
    const env = { GSAC_CLIENT: client };
    for (const [more, variables] of [
      [[], { ...env, GSAC_CLIENT_SECRET: secret }],
      [flags, env],
    ] as const) {
      const argv = ['exchange', desk.code(), '--json', ...more];
      const ran = await desk.run(argv, { env: variables });
      expect(ran.exitCode, ran.stderr).toBe(0);
      expect(lastForm(desk)).toMatchObject({ client_secret: secret });
    }
    // A file's own secret goes first.
    const argv = ['exchange', desk.code(), '--json'];
    expect((await desk.run(argv, { env: { GSAC_CLIENT_SECRET: 'other' } })).exitCode).toBe(0);
  });

  it('of the web without a secret is enough for what sends nothing as it', async () => {
    const env = { GSAC_CLIENT: desk.file('c.json', JSON.stringify({ web: withoutSecret() })) };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ aud: web().client_id })}.e30`;
    const claims = await desk.run(['claims', '--id-token', token, '--json'], { env });
    const { checks: judged } = claims.json<{ checks: { name: string; ok: boolean }[] }>();
    expect(judged.find(({ name }) => name === 'audience')?.ok).toBe(true);
    const doctor = await desk.run(['doctor', '--json'], { env, tty: true });
    const { checks } = doctor.json<{ checks: { id: string; state: string }[] }>();
    expect(checks.find(({ id }) => id === 'client-file')?.state).toBe('error');
  });

  it('that is a folder, missing or huge is refused', async () => {
    const huge = desk.file('huge.json', ' '.repeat(70_000));
    for (const path of ['/no/such.json', '/', huge]) {
      const ran = await desk.run(['exchange', desk.code(), '--client', path, '--json']);
      expect(expectFailure(ran, 'client_file_unreadable').message).toContain(path);
    }
  });

  it('must be named', async () => {
    const env = { GSAC_CLIENT: undefined };
    const ran = await desk.run(['exchange', desk.code(), '--json'], { env });
    expectFailure(ran, 'client_required');
  });

  describe('by its ID', () => {
    const env = (more: object = {}) => ({ GSAC_CLIENT: undefined, ...more });

    it('has its secret from the variable, or from a file', async () => {
      const id = web().client_id;
      const secret = web().client_secret;
      const file = desk.file('secret', `${secret}\n`);
      for (const [flags, variables] of [
        [['--client-id', id], { GSAC_CLIENT_SECRET: secret }],
        [[], { GSAC_CLIENT_ID: id, GSAC_CLIENT_SECRET: secret }],
        [['--client-id', id, '--client-secret-file', file], {}],
        [['--client-id', id, '--client-secret-file', file], { GSAC_CLIENT_SECRET: 'other' }],
      ] as const) {
        const argv = ['exchange', desk.code(), '--json', ...flags];
        const ran = await desk.run(argv, { env: env(variables) });
        expect(ran.exitCode, ran.stderr).toBe(0);
        expect(ran.json()).toMatchObject({
          sent: { token_uri: 'https://oauth2.googleapis.com/token' },
        });
        expect(lastForm(desk)).toMatchObject({ client_id: id, client_secret: secret });
      }
    });

    it('needs a secret, never from a flag, and a file that holds nothing else', async () => {
      const argv = ['exchange', desk.code(), '--json', '--client-id', web().client_id];
      expectFailure(await desk.run(argv, { env: env() }), 'client_secret_required');
      for (const [text, code] of [
        ['', 'client_secret_required'],
        [JSON.stringify(desk.emulator.clientFile(), null, 2), 'client_file_invalid'],
      ] as const) {
        const flags = ['--client-secret-file', desk.file('secret', text)];
        expectFailure(await desk.run([...argv, ...flags], { env: env() }), code);
      }
      for (const flags of [['--client-secret', 'abc123def'], ['--client-secret=abc123def']]) {
        const ran = await desk.run([...argv, ...flags], { env: env() });
        expectFailure(ran, 'usage');
        expect(ran.stderr).not.toContain('abc123def');
      }
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it('contradicts a file, and a secret’s file contradicts a client’s', async () => {
      for (const flags of [
        ['--client', desk.clientFile, '--client-id', 'x'],
        ['--client', desk.clientFile, '--client-secret-file', 'x'],
      ]) {
        expectFailure(await desk.run(['exchange', desk.code(), '--json', ...flags]), 'usage');
      }
    });
  });

  describe('names a token_uri', () => {
    it.each([
      'https://oauth2.googleapis.com/token',
      'https://accounts.google.com/o/oauth2/token',
      'https://www.googleapis.com/oauth2/v3/token',
      'https://www.googleapis.com/oauth2/v4/token',
    ])('%s, which is Google’s endpoint of today', async (uri) => {
      const ran = await withClient({ token_uri: uri });
      expect(ran.json()).toMatchObject({
        sent: { token_uri: 'https://oauth2.googleapis.com/token' },
      });
    });

    it.each([
      'http://127.0.0.1:9/token',
      'http://localhost:9/o/oauth2/token',
      'http://[::1]:9/token',
      'http://127.9.9.9:9/token',
    ])('%s on this machine, and all requests go to that origin', async (uri) => {
      const origins = new Set<string>();
      const file = desk.file('c.json', JSON.stringify({ web: { ...web(), token_uri: uri } }));
      const ran = await desk.run(['exchange', desk.code(), '--client', file, '--json'], {
        fetch: (url, init) => {
          origins.add(new URL(url).origin);
          return desk.emulator.fetch(new Request(url, init));
        },
      });
      expect(ran.exitCode, ran.stderr).toBe(0);
      expect([...origins]).toEqual([new URL(uri).origin]);
    });

    it.each([
      'http://oauth2.googleapis.com/token',
      'http://accounts.google.com/o/oauth2/token',
      'https://oauth2.googleapis.com/token/',
      'https://oauth2.googleapis.com/revoke',
      'https://oauth2.googleapis.com.evil.test/token',
      'https://accounts.google.com@evil.test/o/oauth2/token',
      'https://127.0.0.1.evil.test',
      'http://localhost@evil.test/',
      'http://localhost.evil.test/',
      'http://0.0.0.0:8085/token',
      'http://169.254.169.254/token',
      'ftp://localhost/token',
    ])('%s, which is refused: nothing is sent', async (uri) => {
      const error = expectFailure(await withClient({ token_uri: uri }), 'token_uri_refused');
      expect(error.message).toContain('token_uri');
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it('that --allow-token-uri names, whole', async () => {
      const uri = 'https://sso.example.net/token';
      const ran = await withClient({ token_uri: uri }, '--allow-token-uri', uri);
      expect(ran.json()).toMatchObject({ sent: { token_uri: uri } });
      expectFailure(await desk.run(['refresh', '--json']), 'token_uri_refused');
      const again = await desk.run(['refresh', '--json', '--allow-token-uri', uri]);
      expect(again.exitCode).toBe(0);
      const part = await withClient(
        { token_uri: uri },
        '--allow-token-uri',
        'https://sso.example.net',
      );
      expectFailure(part, 'token_uri_refused');
    });
  });
});
