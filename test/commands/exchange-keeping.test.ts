import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, type Ran, useDesk } from '../support/run.js';
import { expectFailure, liveRefreshTokens, tokenRequests } from './support.js';

interface Exchanged {
  account: { key: string; email: string | null };
  scopes: string[];
  refresh_token: {
    status: string;
    store: string | null;
    expires_at: string | null;
    value?: string;
  };
  id_token: { verdict: string; checks: { name: string; ok: boolean | null }[] } | null;
  warnings: { code: string; message: string; hint: string }[];
}

describe('What gsac exchange keeps', () => {
  const desk = useDesk();

  const exchange = (...flags: string[]) => desk.run(['exchange', desk.code(), '--json', ...flags]);

  it('is the refresh token of an answer that was cut off after it', async () => {
    desk.emulator.inject({ name: 'torn-body', path: '/token', keep: 0.5 });
    const error = expectFailure(await exchange(), 'answer_unreadable');
    expect(error).toMatchObject({ refresh_token_stored: true, code_sent: true });
    expect(error.hint).toContain('gsac refresh');
    const refreshed = await desk.run(['refresh', '--json']);
    expect(refreshed.exitCode, refreshed.stderr).toBe(0);
    expect(refreshed.json()).toMatchObject({ refresh_token: { status: 'unchanged' } });
  });

  it.each([
    ['other fields missing', {}, 0],
    ['fields of odd types', { set: { expires_in: '3599', scope: 7, token_type: null } }, 0],
    ['an ID token that is none', { set: { id_token: 'not.a.jwt' } }, 0],
    ['fields that nobody knows', { set: { extra: { deep: [1] } } }, 0],
    ['no access token', { set: { access_token: null } }, 3],
    ['an access token with a line break', { set: { access_token: 'ya29.a\nb' } }, 3],
  ])('is the refresh token of a 200 with %s', async (_what, parameters, exitCode) => {
    desk.emulator.inject({ name: 'odd-success', path: '/token', ...parameters });
    const ran = await exchange();
    expect(ran.exitCode, ran.stderr).toBe(exitCode);
    const [stored] = (await desk.run(['accounts', '--json'])).json<{ accounts: object[] }>()
      .accounts;
    expect(stored).toBeDefined();
    const refreshed = await desk.run(['refresh', '--json']);
    expect(refreshed.exitCode, refreshed.stderr).toBe(0);
  });

  it('is nothing where a 200 holds no token at all', async () => {
    const drop = ['access_token', 'refresh_token', 'id_token', 'scope'];
    desk.emulator.inject({ name: 'odd-success', path: '/token', drop });
    expectFailure(await exchange(), 'answer_unreadable');
    expect((await desk.run(['accounts', '--json'])).json()).toEqual({ accounts: [] });
  });

  it('tells when the refresh token ends, where Google says so', async () => {
    desk.emulator.inject({ name: 'expiring-grant', path: '/token' });
    const { refresh_token: kept } = (await exchange()).json<Exchanged>();
    expect(kept.expires_at).toBe(new Date(desk.now + 604_799_000).toISOString());
  });

  describe('where no refresh token comes', () => {
    it.each([
      ['ios', /disconnect\(\)/],
      ['android', /forceCodeForRefreshToken/],
      ['web-popup', /prompt=consent/],
      ['web-redirect', /prompt=consent/],
    ] as const)('is told with how to get one on %s', async (source, hint) => {
      desk.emulator.inject({ name: 'no-refresh-token', path: '/token' });
      const redirectUri = 'https://backend.example.com/callback';
      const redirect = source === 'web-redirect';
      const code = desk.code({ source, ...(redirect ? { redirectUri } : {}) });
      const flags = redirect ? ['--redirect-uri', redirectUri] : [];
      const ran = await desk.run(['exchange', code, '--source', source, ...flags, '--json']);
      expect(ran.exitCode).toBe(0);
      const result = ran.json<Exchanged>();
      expect(result.refresh_token).toMatchObject({ status: 'absent', store: null });
      expect(result.warnings).toMatchObject([
        { code: 'refresh_token_absent', hint: expect.stringMatching(hint) },
      ]);
    });

    it('is the one that was stored before, which still works', async () => {
      await exchange();
      desk.emulator.inject({ name: 'no-refresh-token', path: '/token' });
      const result = (await exchange()).json<Exchanged>();
      expect(result.refresh_token).toMatchObject({ status: 'kept_previous', store: 'file' });
      expect(result.warnings).toMatchObject([{ code: 'refresh_token_kept' }]);
      desk.now += 2 * 3_600_000;
      expect((await desk.run(['token'])).exitCode).toBe(0);
    });

    it('is no change of the scopes where the answer names none, either', async () => {
      const { scopes } = (await exchange()).json<Exchanged>();
      expect(scopes).toContain('openid');
      desk.emulator.inject({ name: 'no-refresh-token', path: '/token' });
      desk.emulator.inject({ name: 'no-scope' });
      expect((await exchange()).json<Exchanged>().scopes).toEqual(scopes);
      expect((await desk.run(['accounts', '--json'])).json()).toMatchObject({
        accounts: [{ scopes }],
      });
    });

    it('is an account that lasts as long as its access token', async () => {
      desk.emulator.inject({ name: 'no-refresh-token', path: '/token' });
      await exchange();
      const before = tokenRequests(desk);
      expect((await desk.run(['token'])).stdout).toMatch(/^ya29\./);
      desk.now += 2 * 3_600_000;
      expectFailure(await desk.run(['token', '--json']), 'refresh_token_absent');
      expect(tokenRequests(desk)).toBe(before);
    });
  });

  it('counts each of two refresh tokens that come at once: Google ends the oldest of a hundred', async () => {
    await Promise.all([exchange(), exchange()]);
    const folder = join(desk.home, 'accounts');
    const [file = ''] = readdirSync(folder);
    expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toMatchObject({
      refresh_tokens_issued: 2,
    });
  });

  it('is nothing with --no-store, and only --show-secrets hands the tokens out', async () => {
    const masked = (await exchange('--no-store')).json<Exchanged>();
    expect(masked.refresh_token).toEqual({ status: 'not_stored', store: null, expires_at: null });
    expect(readdirSync(desk.home)).toEqual(['cache']);
    expect(readdirSync(join(desk.home, 'cache'))).toEqual(['keys']);
    const shown = await exchange('--no-store', '--show-secrets');
    const [, second] = liveRefreshTokens(desk);
    expect(shown.json<Exchanged>().refresh_token.value).toBe(second);
    expect(shown.stdout).toMatch(/"value": "ya29\.[\w-]{100,}"/);
    expect(readdirSync(join(desk.home, 'cache'))).toEqual(['keys']);
  });

  describe('compares the scopes', () => {
    it.each<[string, string[], string[]]>([
      ['shorthands with what Google calls them', ['email', 'drive.appdata'], []],
      ['whole scopes, never parts', ['drive'], ['https://www.googleapis.com/auth/drive']],
      ['a list in one flag', ['openid drive.file'], ['https://www.googleapis.com/auth/drive.file']],
    ])('as %s', async (_what, expected, missing) => {
      const ran = await exchange(...expected.flatMap((scope) => ['--expect-scope', scope]));
      const { warnings } = ran.json<Exchanged>();
      expect(ran.exitCode).toBe(0);
      expect(warnings.map(({ message }) => message)).toEqual(
        missing.map((scope) => `Not granted: ${scope}.`),
      );
    });

    it('and notices a box that was left unticked', async () => {
      desk.emulator.inject({ name: 'granular-consent', path: '/token' });
      const { warnings, scopes } = (
        await exchange('--expect-scope', 'drive.appdata')
      ).json<Exchanged>();
      expect(warnings).toMatchObject([{ code: 'scope_missing' }]);
      expect(scopes).not.toContain('https://www.googleapis.com/auth/drive.appdata');
    });

    it('and claims nothing where the answer names none (RFC 6749, 5.1)', async () => {
      desk.emulator.inject({ name: 'odd-success', path: '/token', drop: ['scope'] });
      const { warnings } = (await exchange('--expect-scope', 'openid')).json<Exchanged>();
      expect(warnings.map(({ code }) => code)).not.toContain('scope_missing');
    });
  });

  describe('judges the ID token, and never fails over it', () => {
    it.each<[string, object, string, string[]]>([
      ['expired-id-token', {}, 'expired', ['expiry']],
      ['wrong-signature', {}, 'invalid', ['signature']],
      ['wrong-audience', {}, 'invalid', ['audience']],
      ['wrong-issuer', {}, 'invalid', ['issuer']],
      ['unknown-kid', {}, 'invalid', ['signature']],
      ['odd-id-token', { set: { at_hash: 'AAAA' } }, 'invalid', ['at_hash']],
      ['odd-id-token', { drop: ['iat'] }, 'invalid', ['issued_at']],
    ])('with %s %j', async (name, parameters, verdict, failing) => {
      desk.emulator.inject({ name, path: '/token', ...parameters });
      const ran = await exchange();
      expect(ran.exitCode).toBe(0);
      const { id_token: idToken, warnings, refresh_token: kept } = ran.json<Exchanged>();
      expect(idToken?.verdict).toBe(verdict);
      const failed = idToken?.checks.filter(({ ok }) => ok === false).map((check) => check.name);
      expect(failed).toEqual(failing);
      expect(warnings).toMatchObject([{ code: `id_token_${verdict}` }]);
      expect(kept.status).toBe('stored');
    });

    it('where the keys cannot be had: unverified', async () => {
      desk.emulator.inject({ name: 'html', path: '/oauth2/v3/certs', status: 404 });
      const ran = await exchange();
      expect(ran.exitCode).toBe(0);
      expect(ran.json<Exchanged>().id_token?.verdict).toBe('unverified');
      expect(ran.json<Exchanged>().warnings).toMatchObject([{ code: 'id_token_unverified' }]);
    });

    it('where none came: the account has no name', async () => {
      const code = desk.code({ scopes: ['drive.appdata'] });
      const result = (await desk.run(['exchange', code, '--json'])).json<Exchanged>();
      expect(result).toMatchObject({ account: { email: null, sub: null }, id_token: null });
      expect(result.warnings).toMatchObject([{ code: 'id_token_absent' }]);
      expect((await desk.run(['token'])).exitCode).toBe(0);
    });
  });

  describe('is rescued where the store fails after the answer', () => {
    /** Puts a file where the folder was, once the code was taken. */
    function breaking(folder: string): Fetch {
      const ask = emulatorFetch(desk.emulator);
      return async (url, init) => {
        const answer = await ask(url, init);
        renameSync(join(desk.home, folder), join(desk.home, `${folder}-away`));
        writeFileSync(join(desk.home, folder), 'in the way');
        return answer;
      };
    }

    async function rescue(folder: string): Promise<{ ran: Ran; path: string }> {
      const fetch = breaking(folder);
      const ran = await desk.run(['exchange', desk.code(), '--json'], { fetch });
      const error = expectFailure(ran, 'store_refused');
      const path = String(error['rescue_file']);
      expect(error.message).toContain(`UNENCRYPTED in ${path}`);
      expect(error.hint).toContain(`\`gsac accounts import ${path}\``);
      return { ran, path };
    }

    it('and its code is not sent again: the server could take back what was rescued', async () => {
      const code = desk.code();
      const ran = await desk.run(['exchange', code, '--json'], { fetch: breaking('vault') });
      expectFailure(ran, 'store_refused');
      renameSync(join(desk.home, 'vault'), join(desk.home, 'junk'));
      renameSync(join(desk.home, 'vault-away'), join(desk.home, 'vault'));
      const again = await desk.run(['exchange', code, '--json']);
      expect(expectFailure(again, 'invalid_grant').message).toContain('This machine exchanged');
      expect(tokenRequests(desk)).toBe(1);
    });

    it.each(['vault', 'accounts'])('(%s): into a private file, which imports', async (folder) => {
      desk.emulator.inject({ name: 'expiring-grant', seconds: 604_799 });
      const { ran, path } = await rescue(folder);
      const [refreshToken = ''] = liveRefreshTokens(desk);
      expect(path.startsWith(join(desk.home, 'rescue'))).toBe(true);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, 'utf8')).toContain(refreshToken);
      expect(ran.stderr).not.toContain(refreshToken);

      writeFileSync(join(desk.home, 'x'), '');
      const failed = await desk.run(['accounts', 'import', path, '--json']);
      expect(failed.exitCode).not.toBe(0);
      expect(existsSync(path)).toBe(true);

      renameSync(join(desk.home, folder), join(desk.home, 'junk'));
      renameSync(join(desk.home, `${folder}-away`), join(desk.home, folder));
      const before = desk.emulator.requests.count();
      const imported = await desk.run(['accounts', 'import', path, '--json']);
      expect(imported.exitCode, imported.stderr).toBe(0);
      expect(imported.json()).toMatchObject({
        account: { email: 'tester@example.com', issued_at: new Date(desk.now).toISOString() },
        status: 'imported',
      });
      expect(desk.emulator.requests.count()).toBe(before);
      expect(existsSync(path)).toBe(false);
      expect((await desk.run(['token'])).exitCode).toBe(0);
      const status = (await desk.run(['status', '--json'])).json<{ accounts: object[] }>();
      expect(status.accounts).toMatchObject([{ end: { reason: 'stated_expiry' } }]);
    });

    it.runIf(process.platform === 'linux')(
      'and imported from what cannot be removed: it is said that the token is still in there',
      async () => {
        const { path } = await rescue('vault');
        renameSync(join(desk.home, 'vault'), join(desk.home, 'junk'));
        const file = openSync(path, 'r');
        const ran = await desk.run(['accounts', 'import', `/proc/self/fd/${file}`]);
        closeSync(file);
        expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is stored') });
        expect(ran.stderr).toMatch(/could not be removed \(E\w+\)[\s\S]*UNENCRYPTED/);
      },
    );

    it('names the store that a flag has chosen, which the import would not know of', async () => {
      const argv = ['exchange', desk.code(), '--store', 'file', '--json'];
      const env = { GSAC_STORE: undefined };
      const ran = await desk.run(argv, { fetch: breaking('vault'), env });
      const error = expectFailure(ran, 'store_refused');
      const command = `gsac accounts import ${error['rescue_file']} --store file`;
      expect(error.hint).toContain(`\`${command}\``);
    });
  });
});
