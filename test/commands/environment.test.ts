import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatorFetch, useDesk } from '../support/run.js';
import { asOrdinaryUser } from '../unit/accounts/support/samples.js';
import { expectFailure, liveRefreshTokens, openHome, tokenRequests } from './support.js';

describe('Credentials in the environment', () => {
  const desk = useDesk();
  let user: Record<string, unknown>;
  beforeEach(async () => {
    await desk.exchange({ user: 'qa@example.org' });
    const { web } = desk.emulator.clientFile();
    user = {
      type: 'authorized_user',
      client_id: web.client_id,
      client_secret: web.client_secret,
      refresh_token: liveRefreshTokens(desk)[0],
      token_uri: web.token_uri,
    };
    await desk.run(['accounts', 'remove', 'qa@example.org', '--yes']);
    desk.emulator.requests.clear();
  });

  const envOf = (document: object = user) => ({
    GSAC_STORE: undefined,
    GSAC_CLIENT: undefined,
    GSAC_CREDENTIALS: JSON.stringify(document),
  });
  const trio = () => ({
    GSAC_STORE: undefined,
    GSAC_CLIENT: undefined,
    GSAC_CLIENT_ID: String(user['client_id']),
    GSAC_CLIENT_SECRET: String(user['client_secret']),
    GSAC_REFRESH_TOKEN: String(user['refresh_token']),
  });

  it('work as JSON, as the path of it, and as three variables', async () => {
    const path = desk.file('user.json', JSON.stringify(user));
    for (const env of [envOf(), { ...envOf(), GSAC_CREDENTIALS: path }, trio()]) {
      const ran = await desk.run(['token'], { env });
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ran.stdout).toMatch(/^ya29\./);
    }
  });

  it('are refused where the named file has no end', async () => {
    const env = { ...envOf(), GSAC_CREDENTIALS: '/dev/zero' };
    const ran = await desk.run(['token', '--json'], { env });
    expect(expectFailure(ran, 'credential_file_invalid').message).toContain('EFBIG');
  });

  it('share a session cache, so that a second command asks nobody', async () => {
    const first = await desk.run(['token'], { env: envOf() });
    const second = await desk.run(['token'], { env: envOf() });
    expect(second.stdout).toBe(first.stdout);
    expect(tokenRequests(desk)).toBe(1);
  });

  it('are said on stderr where they override stored accounts, and only then', async () => {
    await desk.exchange();
    const ran = await desk.run(['token'], { env: envOf() });
    expect(ran.stderr).toMatch(
      /^gsac: warning: Using the credentials in GSAC_CREDENTIALS, not the stored accounts\.\n$/,
    );
    const refreshed = await desk.run(['token'], { env: trio() });
    expect(refreshed.stderr).toContain('GSAC_REFRESH_TOKEN');
    expect((await desk.run(['token', '--quiet'], { env: envOf() })).stderr).toContain('warning');
    expect((await desk.run(['token', '--json'], { env: envOf() })).stderr).toBe('');
  });

  it('are passed over where a store was named', async () => {
    await desk.exchange();
    const env = { ...envOf(), GSAC_STORE: 'file' };
    const ran = await desk.run(['token', '--json'], { env });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toMatchObject({ account: { email: 'tester@example.com' } });
  });

  it.each([
    [{ GSAC_CREDENTIALS: '' }, 'GSAC_CREDENTIALS is set but empty.'],
    [
      { GSAC_CLIENT_ID: '', GSAC_CLIENT_SECRET: '', GSAC_REFRESH_TOKEN: '' },
      'GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN are set but empty.',
    ],
    [{ GSAC_REFRESH_TOKEN: '1//0x', GSAC_CLIENT: '' }, 'GSAC_CLIENT is set but empty.'],
    [{ GSAC_CLIENT_ID: 'x', GSAC_CLIENT_SECRET: '' }, 'GSAC_CLIENT_SECRET is set but empty.'],
  ])('are all named if they are set but empty: %j', async (empty, message) => {
    await desk.exchange();
    desk.emulator.requests.clear();
    const env = { GSAC_STORE: undefined, ...empty };
    for (const command of ['token', 'refresh', 'status', 'accounts', 'files']) {
      const ran = await desk.run([command, '--json'], { env });
      expect(expectFailure(ran, 'usage').message).toBe(message);
    }
    expect(desk.emulator.requests.count()).toBe(0);
    // Another store does without them.
    const other = { ...env, GSAC_CLIENT: undefined, GSAC_CLIENT_ID: undefined };
    expect((await desk.run(['token', '--store', 'file'], { env: other })).exitCode).toBe(0);
    const stored = { ...other, GSAC_STORE: 'file' };
    expect((await desk.run(['token'], { env: stored })).exitCode).toBe(0);
  });

  it('do without a client file that is set but empty', async () => {
    const ran = await desk.run(['token'], { env: { ...trio(), GSAC_CLIENT: '' } });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  });

  describe('as GSAC_CLIENT and GSAC_REFRESH_TOKEN', () => {
    const pair = (client: string) => ({
      GSAC_STORE: undefined,
      GSAC_CLIENT: client,
      GSAC_REFRESH_TOKEN: String(user['refresh_token']),
    });
    const job = [['status', '--online'], ['token'], ['files'], ['refresh']];

    it('rehearse a nightly job: only the client file says whether Google is asked', async () => {
      const { web } = desk.emulator.clientFile();
      const { token_uri: _, ...atGoogle } = web;
      const file = desk.file('production.json', JSON.stringify({ web: atGoogle }));
      for (const [client, expected] of [
        [desk.clientFile, ['http://127.0.0.1:8085']],
        [file, ['https://oauth2.googleapis.com', 'https://www.googleapis.com']],
      ] as const) {
        const origins = new Set<string>();
        for (const argv of job) {
          const ran = await desk.run(argv, {
            env: pair(client),
            fetch: (url, init) => {
              origins.add(new URL(url).origin);
              return emulatorFetch(desk.emulator)(url, init);
            },
          });
          expect(ran.exitCode, ran.stderr).toBe(0);
        }
        expect([...origins].sort()).toEqual(expected);
      }
    });

    it('take the client from --client, too, and its secret from the variable', async () => {
      const { client_secret: secret, ...web } = desk.emulator.clientFile().web;
      const file = desk.file('bare.json', JSON.stringify({ web }));
      const env = { ...pair(''), GSAC_CLIENT: undefined, GSAC_CLIENT_SECRET: secret };
      expect((await desk.run(['token', '--client', file], { env })).exitCode).toBe(0);
    });

    it('contradict another GSAC_CLIENT_ID, and a file that cannot be read', async () => {
      const env = { ...pair(desk.clientFile), GSAC_CLIENT_ID: '1-a.apps.googleusercontent.com' };
      expectFailure(await desk.run(['token', '--json'], { env }), 'client_mismatch');
      const unread = { env: pair('/no/such.json') };
      expectFailure(await desk.run(['token', '--json'], unread), 'client_file_unreadable');
      expect(desk.emulator.requests.count()).toBe(0);
    });
  });

  it.each([
    [
      'another file’s kind',
      { type: 'service_account', private_key: 'x' },
      'credential_file_invalid',
    ],
    ['no refresh token', { type: 'authorized_user', client_id: 'x' }, 'credential_file_invalid'],
    [
      'a foreign token_uri',
      { token_uri: 'https://collector.example.net/token' },
      'token_uri_refused',
    ],
  ] as const)('with %s are refused, and nothing is sent', async (_what, changes, code) => {
    const document = 'type' in changes ? changes : { ...user, ...changes };
    expectFailure(await desk.run(['token', '--json'], { env: envOf(document) }), code);
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('with a foreign token_uri go there once it is allowed by name', async () => {
    const uri = 'https://collector.example.net/token';
    const env = envOf({ ...user, token_uri: uri });
    const asked: string[] = [];
    const ran = await desk.run(['token', '--allow-token-uri', uri], {
      env,
      fetch: (url, init) => {
        asked.push(url);
        return desk.emulator.fetch(new Request(url, init));
      },
    });
    expect(ran.exitCode).toBe(0);
    expect(asked).toEqual([uri]);
  });

  it.each([
    ['{', 'credential_file_invalid'],
    ['/no/such/file.json', 'credential_file_invalid'],
    [`1//0${'x'.repeat(50)}`, 'credential_file_invalid'],
  ] as const)('that read %j are refused without being quoted', async (text, code) => {
    const env = { ...envOf(), GSAC_CREDENTIALS: text };
    const ran = await desk.run(['token', '--json'], { env });
    expectFailure(ran, code);
    expect(ran.stderr).not.toContain('xxxx');
  });

  it('need the client that the refresh token belongs to', async () => {
    const env = { ...trio(), GSAC_CLIENT_ID: undefined };
    const { message, hint } = expectFailure(await desk.run(['token', '--json'], { env }), 'usage');
    expect(message).toBe('GSAC_REFRESH_TOKEN is set, but no client is named.');
    expect(hint).toContain('GSAC_CLIENT, or');
  });

  it('answer to their own account alone', async () => {
    const named = { ...user, account: 'qa@example.org' };
    const env = envOf(named);
    const right = await desk.run(['token', '-a', 'QA@example.org', '--json'], { env });
    expect(right.json()).toMatchObject({ account: { email: 'qa@example.org' } });
    for (const document of [named, user]) {
      const ran = await desk.run(['token', '-a', 'tester@example.com', '--json'], {
        env: envOf(document),
      });
      expect(expectFailure(ran, 'account_unknown').hint).toContain('is none of them');
    }
  });

  it('name the store of the account that was meant', async () => {
    await desk.exchange({ user: 'newcomer@example.com' });
    const ran = await desk.run(['token', '-a', 'newcomer@example.com', '--json'], { env: envOf() });
    expect(expectFailure(ran, 'account_unknown').hint).toContain('--store file.');
  });

  it('are told of where another account is chosen, since they go before it', async () => {
    await desk.exchange({ user: 'newcomer@example.com' });
    const use = ['accounts', 'use', 'newcomer@example.com'];
    const ran = await desk.run(use, { env: envOf() });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('warning: GSAC_CREDENTIALS is set: commands use its account');
    expect(ran.stderr).toContain('--store file.');
    expect(ran.stdout).toContain('Once GSAC_CREDENTIALS is unset');
    const json = await desk.run([...use, '--json'], { env: trio() });
    expect(json.json()).toMatchObject({ status: 'default', overridden_by: 'GSAC_REFRESH_TOKEN' });
    // A named store goes before the variables; broken ones are not this command's business.
    for (const changes of [{ GSAC_STORE: 'file' }, { GSAC_CREDENTIALS: '{' }]) {
      const quiet = await desk.run(use, { env: { ...envOf(), ...changes } });
      expect(quiet).toMatchObject({ exitCode: 0, stderr: '' });
      expect(quiet.stdout).toContain('Now using newcomer@example.com.');
    }
  });

  it('are listed before the stored accounts, with a word that they are used', async () => {
    await desk.exchange({ user: 'newcomer@example.com' });
    const env = envOf({ ...user, account: 'ci@example.com' });
    const ran = await desk.run(['accounts'], { env });
    expect(ran.stdout).toMatch(/\n\* +ci@example\.com +env .*\n +newcomer@example\.com +file /);
    expect(ran.stderr).toMatch(/^gsac: GSAC_CREDENTIALS is set: commands use its account.*\n$/);
    const named = await desk.run(['accounts'], { env: { ...env, GSAC_STORE: 'file' } });
    expect(named.stderr).toBe('');
  });

  it('are required where the environment was named as the store', async () => {
    const env = { GSAC_STORE: 'env' };
    expectFailure(await desk.run(['token', '--json'], { env }), 'store_unavailable');
  });

  it('are listed unless another store was named', async () => {
    await desk.exchange({ user: 'qa@example.org' });
    const env = envOf({ ...user, account: 'tester@example.com' });
    const listed = async (...argv: string[]) => {
      const ran = await desk.run(['accounts', '--json', ...argv], { env });
      expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
      const { accounts } = ran.json<{ accounts: { email: string; store: string }[] }>();
      return accounts.map(({ email, store }) => `${email} in ${store}`);
    };
    expect(await listed('--store', 'env')).toEqual(['tester@example.com in env']);
    expect(await listed()).toEqual(['tester@example.com in env', 'qa@example.org in file']);
    expect(await listed('--store', 'file')).toEqual(['qa@example.org in file']);
    const none = await desk.run(['accounts', '--store', 'env']);
    expect(none).toMatchObject({ exitCode: 0, stdout: '' });
    expect(none.stderr).toContain('GSAC_CREDENTIALS');
  });

  it('cannot keep a rotated token: it goes to a rescue file, and that is said', async () => {
    desk.emulator.inject({ name: 'rotate-refresh-token' });
    const ran = await desk.run(['token', '--json'], { env: envOf() });
    const error = expectFailure(ran, 'store_read_only');
    const path = String(error['rescue_file']);
    const dead = expectFailure(
      await desk.run(['token', '--json'], { env: envOf() }),
      'invalid_grant',
    );
    expect(dead.hint).toMatch(
      /accounts import \S+`, then unset the credentials in the environment/,
    );
    expect(dead).toMatchObject({ rescue_file: path });
    const imported = await desk.run(['accounts', 'import', path, '--json']);
    expect(imported.exitCode, imported.stderr).toBe(0);
    desk.now += 7_200_000;
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
  });

  it('are revoked at Google, and said to be in the environment still', async () => {
    const ran = await desk.run(['revoke', '--yes', '--json'], { env: envOf() });
    expect(ran.json()).toMatchObject({ google: 'revoked', removed: false });
    expect(liveRefreshTokens(desk)).toEqual([]);
  });

  it('leave no access token behind that is revoked', async () => {
    expect((await desk.run(['token'], { env: envOf() })).exitCode).toBe(0);
    const ran = await desk.run(['revoke', '--yes'], { env: envOf() });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expectFailure(await desk.run(['token', '--json'], { env: envOf() }), 'invalid_grant');
  });

  it('leave one behind where the cache cannot be written, and that is said', async () => {
    await desk.run(['token'], { env: envOf() });
    openHome(desk);
    chmodSync(join(desk.home, 'cache', 'sessions'), 0o555);
    const ran = await asOrdinaryUser(() => desk.run(['revoke', '--yes'], { env: envOf() }));
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('could not remove the access token');
  });
});
