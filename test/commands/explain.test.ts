import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Ran, useDesk } from '../support/run.js';

interface Explained {
  diagnosis: { cause: string; likelihood: string; evidence: string[]; fix: string[] }[];
  recognised: boolean;
  observed: { error: string | null; http_status: number | null; text: string };
}

describe('gsac explain', () => {
  const desk = useDesk();

  async function explain(argv: readonly string[], stdin?: string): Promise<Explained> {
    const ran = await desk.run(['explain', ...argv, '--json'], {
      ...(stdin === undefined ? {} : { stdin }),
      env: { GSAC_CLIENT: undefined },
    });
    expect(ran.stderr).toBe('');
    const explained = ran.json<unknown>() as Explained;
    expect(ran.exitCode).toBe(explained.recognised ? 0 : 6);
    return explained;
  }

  it('takes a flag before the client file of the environment', async () => {
    const words = [
      'Not Authorized to access this resource/api',
      '--client-type',
      'service_account',
    ];
    const ran = await desk.run(['explain', ...words, '--json']);
    const { diagnosis } = ran.json<Explained & Record<string, unknown>>();
    expect(diagnosis[0]?.cause).toBe('service-account-subject-missing');
  });

  it.each([
    [
      'redirect_uri_mismatch --source web-popup --stage exchange',
      'redirect-uri-must-be-postmessage',
    ],
    ['redirect_uri_mismatch --source ios --stage exchange', 'redirect-uri-must-be-empty'],
    [
      'invalid_grant --stage refresh --token-age-days 7.2 --publishing-status testing',
      'testing-seven-days',
    ],
    ['invalid_grant --stage refresh --token-age-days 200', 'six-months-unused'],
    ['invalid_client --stage exchange --client-type android', 'wrong-client-type'],
    ['--code 4%252F0AbCdEfGh --stage exchange', 'code-double-encoded'],
    [
      '403 --stage drive --requested-scope drive.appdata --granted-scope openid',
      'scope-declined-by-user',
    ],
    ['--http-status 404 --stage revoke /revoke', 'revoke-endpoint-method'],
    // The usual causes of what has many.
    ['invalid_grant --stage exchange', 'code-already-redeemed'],
    ['invalid_client --stage exchange', 'client-secret-wrong'],
    ['invalid_client --stage refresh', 'client-secret-wrong'],
    ['serverAuthCode=null', 'silent-signin-no-code'],
    ['invalid_audience --stage refresh --token-age-days 200', 'audience-not-a-valid-client'],
  ])('%s names %s first', async (line, cause) => {
    const { diagnosis, recognised } = await explain(line.split(' '));
    expect(diagnosis[0]?.cause).toBe(cause);
    expect(recognised).toBe(true);
  });

  it.each([
    ['4%2F0AbCdEfGhIjKlMnOpQrStUvWx', 'code-percent-encoded'],
    ['Optional("4/0AbCdEfGhIjKlMnOp")', 'optional-debug-string'],
    ['http://localhost/?state=x&code=4/0AbCdEfGh&scope=email', 'full-redirect-url-pasted'],
    [`ya29.${'a'.repeat(80)}`, 'wrong-value-as-code'],
  ])('takes %s as something that was pasted', async (text, cause) => {
    expect((await explain([text])).diagnosis[0]?.cause).toBe(cause);
  });

  it('takes an address that the browser came back to for no pasted code in another stage', async () => {
    const back = 'http://localhost:3000/auth/google/callback?code=4%2F0AbCdEfGh&scope=email';
    const { diagnosis } = await explain([
      back,
      '--stage',
      'signin-config',
      '--notes',
      'it is a 404',
    ]);
    const causes = diagnosis.map(({ cause }: { cause: string }) => cause);
    expect(causes).not.toContain('full-redirect-url-pasted');
    expect(causes).not.toContain('code-percent-encoded');
  });

  it('reads what was observed from stdin and the circumstances from a file', async () => {
    const context = desk.file(
      'context.json',
      JSON.stringify({
        stage: 'exchange',
        http_status: 400,
        source: 'android',
        redirect_uri_sent: 'postmessage',
        client_type: 'web',
        code_as_pasted: null,
        token_age_days: null,
        publishing_status: 'unknown',
        requested_scopes: [],
        granted_scopes: [],
        notes: null,
      }),
    );
    const explained = await explain(
      ['-', '--context', context],
      '{"error":"redirect_uri_mismatch"}',
    );
    expect(explained.diagnosis[0]?.cause).toBe('redirect-uri-must-be-empty');
    expect(explained.observed).toMatchObject({ error: 'redirect_uri_mismatch', http_status: 400 });
  });

  it("takes a person's own words as evidence, but not as proof", async () => {
    const notes = 'the user changed the password yesterday';
    const { diagnosis } = await explain(['invalid_grant', '--stage', 'refresh', '--notes', notes]);
    expect(diagnosis[0]).toMatchObject({ cause: 'password-changed', likelihood: 'likely' });
    expect(diagnosis[0]?.evidence.join()).toContain('password');
  });

  it('says so where it does not know, with what was observed and nothing secret', async () => {
    const token = `ya29.${'z'.repeat(90)}`;
    const ran = await desk.run(['explain', `flux capacitor offline ${token}`]);
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toContain('gsac does not know the cause');
    expect(ran.stdout).toContain('flux capacitor offline ya29.…(95)');
    expect(ran.stdout).not.toContain(token);
  });

  it.each(['a', '0', 'eyJ', '?code=', 'revok', 'deadbeef '])(
    'ends soon on a megabyte of %j',
    async (word) => {
      const text = `http://${word.repeat(1_000_000 / word.length)} x`;
      expect((await explain(['-', '--notes', text.slice(0, 100_000)], text)).observed.text).toMatch(
        /^http:/,
      );
    },
  );

  it.each([
    [['explain', '--context', 'nowhere.json', 'x'], 'usage'],
    [['explain', '--stage', 'lunch', 'x'], 'usage'],
    [['explain', '--token-age-days', 'old', 'x'], 'usage'],
  ])('%j is refused', async (argv, code) => {
    const ran = await desk.run([...argv, '--json']);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.error().code).toBe(code);
  });

  it('asks for something to explain where there is nothing, be a client named or not', async () => {
    const context = desk.file('context.json', '{"stage":"unknown"}');
    for (const env of [{ GSAC_CLIENT: undefined }, {}]) {
      for (const tty of [true, false]) {
        for (const argv of [[], [''], ['-'], ['--context', context]]) {
          const ran = await desk.run(['explain', '--json', ...argv], { tty, env });
          expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
          expect(ran.error()).toMatchObject({
            code: 'input_required',
            hint: expect.stringContaining('pipe it in'),
          });
        }
      }
    }
    expect((await desk.run(['explain', '--stage', 'exchange'])).exitCode).not.toBe(2);
    expect((await desk.run(['explain', '--client', context])).exitCode).not.toBe(2);
  });

  it('fits 80 columns, but for addresses', async () => {
    const ran = await desk.run(['explain', '--source', 'ios', 'redirect_uri_mismatch']);
    const wide = ran.stdout.split('\n').filter((line) => line.length > 80 && !/https?:/.test(line));
    expect(wide).toEqual([]);
  });
});

describe('the causes of gsac’s own failures', () => {
  const desk = useDesk();

  const causes = (error: Record<string, unknown>) =>
    (error['diagnosis'] as { cause: string; likelihood: string }[]).map(({ cause }) => cause);

  const expectSpent = (ran: Ran) => {
    expect(ran.exitCode).toBe(4);
    expect(ran.error().message).toMatch(
      /^This machine exchanged this code .*; nothing was sent\.$/,
    );
  };

  it('remembers a code that it exchanged, and does not send it again unless told to', async () => {
    const code = desk.code();
    await desk.run(['exchange', code]);
    desk.now += 240_000;
    const ran = await desk.run(['exchange', code, '--json']);
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
    const error = ran.error();
    expect(error.message).toContain('4 minutes ago');
    expect(error['diagnosis']).toMatchObject([
      { cause: 'code-already-redeemed', likelihood: 'certain' },
    ]);
    expect(desk.emulator.requests.count('/token')).toBe(1);
    const replayed = await desk.run(['exchange', code, '--replay', '--json']);
    expect(replayed.error().code).toBe('invalid_grant');
    expect(desk.emulator.requests.count('/token')).toBe(2);
    // The second sending takes nothing of what is known of the first.
    expectSpent(await desk.run(['exchange', code, '--json']));
    expect(desk.emulator.requests.count('/token')).toBe(2);
  });

  it('remembers a code of verify --replay, which was sent twice', async () => {
    const code = desk.code();
    await desk.run(['verify', '--code', code, '--replay']);
    const sent = desk.emulator.requests.count('/token');
    expectSpent(await desk.run(['exchange', code, '--json']));
    const replayed = await desk.run(['exchange', code, '--replay', '--json']);
    expect(causes(replayed.error())[0]).toBe('code-already-redeemed');
    expectSpent(await desk.run(['exchange', code, '--json']));
    expect(desk.emulator.requests.count('/token')).toBe(sent + 1);
  });

  it('a lost answer stays as old as it is, however often the code is sent again', async () => {
    const code = desk.code();
    desk.emulator.inject({ name: 'reset', path: '/token' });
    expect((await desk.run(['exchange', code, '--json'])).exitCode).toBe(3);
    for (const minutes of [2, 4]) {
      desk.now += 120_000;
      const ran = await desk.run(['exchange', code, '--json']);
      expect(JSON.stringify(ran.error()['diagnosis'])).toContain(`${minutes} minutes ago and lost`);
    }
  });

  it('keeps no code in the ledger, only hashes', async () => {
    const code = desk.code();
    await desk.run(['exchange', code]);
    const names = readdirSync(`${desk.home}/codes`);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(`${desk.home}/codes/${names[0]}`, 'utf8')).toMatch(/^exchanged \d+\n$/);
  });

  it('knows of a code whose answer was lost', async () => {
    const code = desk.code();
    desk.emulator.inject({ name: 'reset', path: '/token' });
    await desk.run(['exchange', code]);
    const ran = await desk.run(['exchange', code, '--json']);
    expect(ran.error()).toMatchObject({ code: 'invalid_grant' });
    expect(causes(ran.error())[0]).toBe('code-already-redeemed');
  });

  it('forgets a code that was refused without being spent', async () => {
    const code = desk.code();
    expect((await desk.run(['exchange', code, '--source', 'web-popup'])).exitCode).toBe(4);
    expect((await desk.run(['exchange', code])).exitCode).toBe(0);
  });

  it.each([
    [['--source', 'web-popup'], 'redirect-uri-must-be-empty'],
    [['--redirect-uri', 'https://app.example.com/callback'], 'redirect-uri-must-be-empty'],
  ])('names the redirect URI that a phone’s code needs (%j)', async (argv, cause) => {
    const ran = await desk.run(['exchange', desk.code(), ...argv, '--json']);
    expect(causes(ran.error())[0]).toBe(cause);
  });

  it('foresees the end of a grant of seven days', async () => {
    desk.emulator.inject({ name: 'expiring-grant', path: '/token' });
    await desk.exchange();
    desk.now += 7.5 * 86_400_000;
    desk.emulator.inject({ name: 'dead-refresh-token', path: '/token', times: 'always' });
    const ran = await desk.run(['token', '--json']);
    expect(causes(ran.error())[0]).toBe('testing-seven-days');
  });

  it('reads the clock’s skew off the answer', async () => {
    await desk.exchange();
    desk.emulator.inject({ name: 'clock', seconds: 900, times: 'always' });
    const ran = await desk.run(['claims', '--refresh', '--json']);
    expect(ran.exitCode).toBe(6);
    const { diagnosis } = ran.json<{ diagnosis: { cause: string; evidence: string[] }[] }>();
    expect(diagnosis[0]?.cause).toBe('clock-behind');
    expect(diagnosis[0]?.evidence.join()).toMatch(/9\d\d s behind/);
  });

  it('names a disabled API, and says nothing of flags and stores', async () => {
    await desk.exchange();
    desk.emulator.inject({ name: 'api-disabled' });
    expect(causes((await desk.run(['files', '--json'])).error())[0]).toBe('drive-api-disabled');
    const locked = await desk.run(['token', '--json'], {
      env: { GSAC_FILE_KEY: Buffer.alloc(32, 9).toString('base64') },
    });
    expect(locked.error()).toMatchObject({ code: 'store_key_wrong', diagnosis: [] });
    expect((await desk.run(['token', '--nonsense', '--json'])).error()).toMatchObject({
      diagnosis: [],
    });
  });
});
