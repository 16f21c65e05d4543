import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDesk } from '../support/run.js';
import { expectFailure, liveRefreshTokens } from './support.js';

describe('gsac accounts import', () => {
  const desk = useDesk();
  let user: Record<string, unknown>;
  beforeEach(async () => {
    await desk.exchange();
    const { web } = desk.emulator.clientFile();
    user = {
      type: 'authorized_user',
      client_id: web.client_id,
      client_secret: web.client_secret,
      refresh_token: liveRefreshTokens(desk)[0],
      token_uri: web.token_uri,
    };
    await desk.run(['accounts', 'remove', 'tester@example.com', '--yes']);
    desk.emulator.requests.clear();
  });

  const importOf = (text: string, ...flags: string[]) =>
    desk.run(['accounts', 'import', desk.file('user.json', text), '--json', ...flags]);

  it('asks Google once whose it is, stores it, and leaves the file alone', async () => {
    const ran = await importOf(JSON.stringify(user));
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toMatchObject({
      account: { email: 'tester@example.com', sub: '104729361850274916385', store: 'file' },
      status: 'imported',
    });
    expect(desk.emulator.requests.count()).toBe(1);
    expect((await desk.run(['token'])).exitCode).toBe(0);
    expect(desk.emulator.requests.count()).toBe(1);
    expect(existsSync(desk.file('user.json', ''))).toBe(true);
  });

  it('reads standard input and files without a type, as Python writes them', async () => {
    const { type, ...rest } = user;
    const stdin = `\ufeff${JSON.stringify({ ...rest, scopes: ['openid'], token: 'ya29.x' })}`;
    const ran = await desk.run(['accounts', 'import', '-', '--json'], { stdin });
    expect(ran.json()).toMatchObject({ status: 'imported' });
  });

  it('means Google where the file names no token_uri, or an old one of Google’s', async () => {
    for (const uri of [undefined, 'https://accounts.google.com/o/oauth2/token']) {
      const asked: string[] = [];
      const path = desk.file('user.json', JSON.stringify({ ...user, token_uri: uri }));
      await desk.run(['accounts', 'import', path], {
        fetch: (url, init) => {
          asked.push(url);
          return desk.emulator.fetch(new Request(url, init));
        },
      });
      expect(asked).toEqual(['https://oauth2.googleapis.com/token']);
    }
  });

  it('sends nothing unless the list of accounts can be written, either', async () => {
    rmSync(join(desk.home, 'accounts'), { recursive: true });
    writeFileSync(join(desk.home, 'accounts'), 'in the way');
    expectFailure(await importOf(JSON.stringify(user)), 'local_file_broken');
    expect(desk.emulator.requests.count()).toBe(0);
    expect(existsSync(join(desk.home, 'rescue'))).toBe(false);
  });

  it('stores the newer one where the answer brings a new refresh token', async () => {
    desk.emulator.inject({ name: 'rotate-refresh-token' });
    await importOf(JSON.stringify(user));
    desk.now += 7_200_000;
    expect((await desk.run(['token'])).exitCode).toBe(0);
  });

  it('stores nothing where Google says no', async () => {
    desk.emulator.inject({ name: 'dead-refresh-token' });
    expectFailure(await importOf(JSON.stringify(user)), 'invalid_grant');
    expect((await desk.run(['accounts', '--json'])).json()).toEqual({ accounts: [] });
  });

  it('sends nothing unless the store can write', async () => {
    await desk.exchange({ user: 'qa@example.org' });
    desk.emulator.requests.clear();
    const path = desk.file('user.json', JSON.stringify(user));
    const env = { GSAC_FILE_KEY: Buffer.alloc(32, 8).toString('base64') };
    const ran = await desk.run(['accounts', 'import', path, '--json'], { env });
    expectFailure(ran, 'store_key_wrong');
    expect(desk.emulator.requests.count()).toBe(0);
  });

  describe('of a rescue file that is older than what is stored', () => {
    let path: string;
    beforeEach(async () => {
      const issued_at = new Date(desk.now).toISOString();
      const identity = { sub: '104729361850274916385', account: 'tester@example.com' };
      path = desk.file(
        'gsac-rescue-0123456789ab.json',
        JSON.stringify({ ...user, ...identity, issued_at, gsac_rescue: true }),
      );
      desk.now += 86_400_000;
      await desk.exchange({ forceConsent: true });
    });

    const lastSent = () => desk.emulator.requests.list('/token').at(-1)?.form['refresh_token'];

    it('is refused, keeps the file, and names both times', async () => {
      const ran = await desk.run(['accounts', 'import', path, '--json']);
      const error = expectFailure(ran, 'usage');
      expect(error.message).toMatch(/issued 2026-01-16T12:00:00\S+ the one in the file 2026-01-15/);
      expect(error.hint).toContain('--force');
      expect(existsSync(path)).toBe(true);
      expect(existsSync(join(desk.home, 'rescue'))).toBe(false);
      await desk.run(['refresh']);
      expect(lastSent()).toBe(liveRefreshTokens(desk).at(-1));
    });

    it('is done with --force', async () => {
      const forced = await desk.run(['accounts', 'import', path, '--force', '--json']);
      expect(forced.exitCode, forced.stderr).toBe(0);
      expect(existsSync(path)).toBe(false);
      await desk.run(['refresh']);
      expect(lastSent()).toBe(user['refresh_token']);
    });

    it('is done where Google has refused what is stored', async () => {
      desk.emulator.inject({ name: 'dead-refresh-token' });
      expect((await desk.run(['refresh'])).exitCode).toBe(4);
      const ran = await desk.run(['accounts', 'import', path]);
      expect(ran.exitCode, ran.stderr).toBe(0);
      await desk.run(['refresh']);
      expect(lastSent()).toBe(user['refresh_token']);
    });
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /empty/],
    ['no JSON', 'hello', /not JSON/],
    ['a list', '[]', /not a JSON object/],
    [
      'a service account key',
      '{"type":"service_account","private_key":"x"}',
      /service account key/,
    ],
    ['a key without its type', '{"client_id":"x","private_key":"x"}', /service account key/],
    ['a federation file', '{"type":"external_account"}', /workload identity/],
    ['a workforce file', '{"type":"external_account_authorized_user"}', /workforce/],
    ['an impersonation file', '{"type":"impersonated_service_account"}', /impersonation/],
    ['a client file', '{"web":{"client_id":"x","client_secret":"y"}}', /client secrets file/],
    ['a desktop client file', '{"installed":{"client_id":"x"}}', /client secrets file/],
    ['a token answer', '{"access_token":"ya29.x","refresh_token":"1//0x"}', /token answer/],
    ['another type', '{"type":"gizmo"}', /"type"/],
    ['no client ID', '{"refresh_token":"1//0x"}', /"client_id"/],
    ['no refresh token', '{"client_id":"x"}', /"refresh_token"/],
    ['a number as token', '{"client_id":"x","refresh_token":1}', /"refresh_token" is not text/],
  ])('refuses %s by name, and sends nothing', async (_what, text, named) => {
    const error = expectFailure(await importOf(text), 'credential_file_invalid');
    expect(error.message).toMatch(named);
    expect(error.message).toContain('user.json');
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('says which file does not exist, and that a folder is none', async () => {
    for (const path of ['/no/such.json', desk.home]) {
      const ran = await desk.run(['accounts', 'import', path, '--json']);
      expect(expectFailure(ran, 'credential_file_invalid').message).toContain(path);
    }
  });

  it.each([
    'https://collector.example.net/token',
    'http://oauth2.googleapis.com/token',
    'https://oauth2.googleapis.com.evil.test/token',
    'https://evil.test/?https://oauth2.googleapis.com/token',
    'https://127.0.0.1.evil.test/token',
    'http://localhost.evil.test/token',
    'http://localhost@evil.test/',
    'http://127.0.0.1:8085@evil.test/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'token',
  ])('refuses the token_uri %s, and sends nothing', async (uri) => {
    const ran = await importOf(JSON.stringify({ ...user, token_uri: uri }));
    expectFailure(ran, 'token_uri_refused');
    expect(desk.emulator.requests.count()).toBe(0);
    const allowed = await importOf(
      JSON.stringify({ ...user, token_uri: uri }),
      '--allow-token-uri',
      `${uri}x`,
    );
    expectFailure(allowed, 'token_uri_refused');
  });
});
