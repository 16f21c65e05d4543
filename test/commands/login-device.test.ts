import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.js';
import { emulatorFetch, type Ran, type RunOptions, useDesk } from '../support/run.js';
import { createSecretScanner } from '../support/secret-scanner.js';
import { expectFailure, lastForm } from './support.js';

describe('gsac login --device', () => {
  const desk = useDesk();
  let tv: string;
  beforeEach(() => {
    tv = desk.file('tv.json', JSON.stringify(desk.emulator.deviceClientFile()));
  });

  /** Logs in; the person does `decide` with the code once it is shown. */
  async function login(
    decide: (code: string) => unknown,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<Ran> {
    let deciding: unknown;
    const ran = await desk.run(['login', '--device', '--client', tv, ...args], {
      onStderr(text) {
        const [, code] = /\/device {2}([A-Z]{4}-[A-Z]{4})$/m.exec(text) ?? [];
        if (code !== undefined) deciding ??= decide(code);
      },
      ...options,
    });
    await deciding;
    return ran;
  }

  /** Holds a failure to the contract; the code that people were shown is the one line before it. */
  const expectRefusal = (ran: Ran, code: ErrorCode) =>
    expectFailure({ ...ran, stderr: ran.stderr.replace(/^http:\S+ {2}[A-Z-]{9}\n/, '') }, code);

  const person =
    (consent: 'allow' | 'cancel', more: Record<string, string> = {}) =>
    (code: string) =>
      desk.emulator.fetch(
        new Request(`${desk.emulator.origin}/device`, {
          method: 'POST',
          body: new URLSearchParams({
            user_code: code,
            _user: 'qa@example.org',
            _consent: consent,
            ...more,
          }),
        }),
      );

  it('shows a code, waits for the person and stores the account', async () => {
    const ran = await login(person('allow'));
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/account +qa@example\.org/);
    expect(ran.stdout).toMatch(/refresh token +stored in the encrypted file store/);
    expect(ran.stderr).toMatch(
      /^gsac: On any device, open this address and enter the code:\nhttp:\/\/127\.0\.0\.1:8085\/device {2}[A-Z-]{9}\ngsac: Waiting for 5 minutes\. Press Ctrl-C to stop\.\n$/,
    );
    const [asked] = desk.emulator.requests.list('/device/code');
    expect(asked?.form).toEqual({
      client_id: desk.emulator.deviceClientFile().installed.client_id,
      scope: 'openid email profile',
    });
    const token = await desk.run(['token'], { env: { GSAC_CLIENT: undefined } });
    expect(token.stdout).toMatch(/^ya29\./);
  });

  it('gives the JSON of exchange, without a redirect URI', async () => {
    const ran = await login(person('allow'), ['--json']);
    expect(ran.stderr).toMatch(/^http:\S+ {2}[A-Z-]{9}\n$/);
    expect(ran.json()).toMatchObject({
      account: { email: 'qa@example.org' },
      refresh_token: { status: 'stored' },
      id_token: { verdict: 'valid' },
      sent: { redirect_uri: null, code_changes: [] },
      warnings: [],
    });
  });

  it('says which scopes the person did not tick', async () => {
    const args = ['--json', '--scope', 'openid email drive.file'];
    expect((await login(person('allow'), args)).json()).toMatchObject({
      warnings: [{ code: 'scope_missing' }],
    });
  });

  it('keeps nothing with --no-store', async () => {
    expect((await login(person('allow'), ['--no-store', '--json'])).json()).toMatchObject({
      refresh_token: { status: 'not_stored' },
    });
    expect((await desk.run(['accounts', '--json'])).json()).toEqual({ accounts: [] });
  });

  it('shows no device code, in a trace neither', async () => {
    const ran = await login(person('allow'), ['--trace']);
    const scanner = createSecretScanner();
    scanner.add('device code', lastForm(desk)['device_code'] ?? '');
    expect(ran.stderr).toContain('device_code=…');
    expect(scanner.find(ran.stderr + ran.stdout)).toEqual([]);
  });

  it('asks less often when it is told so, and goes on', async () => {
    desk.emulator.inject({ name: 'slow-down', times: 2 });
    expect((await login(person('allow'))).exitCode).toBe(0);
  });

  it('ends when the person says no', async () => {
    expectRefusal(await login(person('cancel'), ['--json']), 'access_denied');
    const human = await login(person('cancel'));
    expect(human.exitCode).toBe(4);
    expect(human.stderr).toContain('\ngsac: error: The person did not agree');
  });

  it('ends when nobody comes in time', async () => {
    const late = await login(() => undefined, ['--json', '--wait', '10s'], {
      fetch: async (url, init) => {
        const answer = await emulatorFetch(desk.emulator)(url, init);
        desk.now += 3_000;
        return answer;
      },
    });
    expect(expectRefusal(late, 'sign_in_timeout').message).toContain('in time');
    desk.emulator.inject({ name: 'device-too-late' });
    expectRefusal(await login(() => undefined, ['--json']), 'sign_in_timeout');
  });

  it('ends when the person cancels at the terminal', async () => {
    const controller = new AbortController();
    const ran = await login(() => controller.abort(), ['--json'], { signal: controller.signal });
    expect(ran.exitCode).toBe(130);
  });

  it('says which client and which scopes devices may have', async () => {
    const web = await desk.run(['login', '--device', '--json']);
    const refused = expectFailure(web, 'invalid_client');
    expect(refused.hint).toContain('TVs and Limited Input devices');
    expect(refused.message).toContain("Only clients of type 'TVs and Limited Input devices' can");
    const scope = await login(() => undefined, ['--json', '--scope', 'drive.appdata']);
    expect(expectFailure(scope, 'invalid_scope').hint).toContain('drive.file');
    desk.emulator.inject({ name: 'device-quota' });
    expectFailure(await login(() => undefined, ['--json']), 'rate_limited');
  });

  it.each(['--port=8085', '--no-browser', '--login-hint=a@example.com', '--redirect-path=/x'])(
    'does not go with %s',
    async (flag) => {
      const ran = await login(() => undefined, ['--json', flag]);
      expect(expectFailure(ran, 'usage').message).toContain(`${flag.split('=')[0]} does not go`);
      expect(desk.emulator.requests.count()).toBe(0);
    },
  );

  it.each([
    ['leads elsewhere', { verification_url: 'https://device.example.com/' }],
    ['steers the terminal', { user_code: '\u001b[2J' }],
    ['has no code', { device_code: undefined }],
  ])('refuses an answer that %s', async (_title, fields) => {
    const good = {
      device_code: 'AH-1',
      user_code: 'ABCD-EFGH',
      verification_url: `${desk.emulator.origin}/device`,
      expires_in: 1800,
      interval: 5,
    };
    const ran = await login(() => undefined, ['--json'], {
      fetch: async () => Response.json({ ...good, ...fields }),
    });
    expectFailure(ran, 'answer_unreadable');
  });

  it('is told by the store before anything is asked', async () => {
    const ran = await login(() => undefined, ['--json'], { env: { GSAC_FILE_KEY: 'short' } });
    expect(ran.exitCode).toBe(5);
    expect(desk.emulator.requests.count()).toBe(0);
  });
});
