import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTitles } from '../../src/tools/verify/run-flow.js';
import { type Browse, consent } from '../support/browser-person.js';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, type Ran, useDesk } from '../support/run.js';
import { deadFetch, expectFailure, liveRefreshTokens, tokenRequests } from './support.js';
import { defects } from './verify-defects.js';

/** The document of `--json`, as far as these tests look at it. */
interface Document {
  outcome: 'pass' | 'fail';
  counts: Record<string, number>;
  flows: {
    outcome: string;
    account: { sub: string | null; email: string | null } | null;
    checks: {
      id: string;
      outcome: 'pass' | 'fail' | 'skip';
      expected: string;
      seen: string;
      skip?: string;
      error?: string;
      duration_ms: number;
    }[];
  }[];
}

const tester = { sub: '104729361850274916385', email: 'tester@example.com' };

/** Everything that can be asked of a flow of the first user. */
const strict = [
  '--expect-scope',
  'openid email profile drive.appdata',
  '--no-extra-scopes',
  '--expect-sub',
  tester.sub,
  '--expect-email',
  tester.email,
  '--require-email-verified',
  '--no-expiring-grant',
  '--replay',
  '--revoke',
];

function checksOf(ran: Ran) {
  expect(ran.stdout, ran.stderr).not.toBe('');
  return ran.json<Document>().flows.flatMap(({ checks }) => checks);
}

function checkOf(ran: Ran, wanted: string) {
  return checksOf(ran).find(({ id }) => id === wanted);
}

function failedOf(ran: Ran): string[] {
  return checksOf(ran)
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id }) => id);
}

describe('gsac verify', () => {
  const desk = useDesk();

  const verifyCode = (...flags: string[]) =>
    desk.run(['verify', '--code', desk.code(), '--json', ...flags]);

  describe('on a code', () => {
    it('passes a right flow, every check that was asked for', async () => {
      const ran = await verifyCode(...strict);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      const document = ran.json<Document>();
      expect(document).toMatchObject({ outcome: 'pass', counts: { fail: 0 } });
      expect(document.flows[0]).toMatchObject({ outcome: 'pass', account: tester });
      const skipped = checksOf(ran).filter(({ outcome }) => outcome === 'skip');
      // What has no subject in a right flow.
      expect(skipped.map(({ id, skip }) => [id, skip])).toEqual([
        ['id_token.not_before', 'not_applicable'],
        ['refresh.rotation', 'not_applicable'],
      ]);
      expect(document.counts['pass']).toBe(checksOf(ran).length - 2);
    });

    it('names every check that there is, in the order of the titles', async () => {
      const ids = checksOf(await verifyCode(...strict, '--expect-hd', 'example.com')).map(
        ({ id }) => id,
      );
      const known = Object.keys(checkTitles).filter((id) => id !== 'sign_in.code');
      expect([...ids].sort()).toEqual([...known].sort());
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('finds a signature of the refresh that nobody could check', async () => {
      const ask = emulatorFetch(desk.emulator);
      let asked = 0;
      const ran = await desk.run(['verify', '--code', desk.code(), '--json'], {
        async fetch(url, init) {
          const answer = await ask(url, init);
          desk.now += 1000;
          if (!url.endsWith('/certs')) return answer;
          asked += 1;
          const headers = { 'cache-control': 'max-age=0', 'content-type': 'application/json' };
          return asked === 1
            ? new Response(await (answer as Response).text(), { headers })
            : new Response('{}', { status: 404, headers });
        },
      });
      expect(failedOf(ran)).toEqual(['refresh.id_token']);
      expect(ran.exitCode).toBe(6);
    });

    it('takes no signature for good that nobody could check', async () => {
      const [ask, dead] = [emulatorFetch(desk.emulator), deadFetch(desk)];
      const fetch: Fetch = (url, init) => (url.includes('/certs') ? dead : ask)(url, init);
      const ran = await desk.run(['verify', '--code', desk.code(), '--json'], { fetch });
      expect(ran.exitCode).toBe(6);
      expect(failedOf(ran)).toContain('id_token.signature');
    });

    it('says nothing of what a code’s sign-in asked for, which it does not tell', async () => {
      const argv = ['verify', '--code', desk.code({ scopes: ['openid'] }), '--json'];
      const ran = await desk.run([...argv, '--expect-scope', 'drive.appdata']);
      const granted = checkOf(ran, 'scopes.granted');
      expect(granted?.outcome).toBe('fail');
      expect(JSON.stringify(granted)).not.toContain('scope-declined-by-user');
    });

    it('sends the code once without --replay and says what was not asked for', async () => {
      const ran = await verifyCode();
      expect(ran.exitCode).toBe(0);
      // The exchange and one refresh.
      expect(tokenRequests(desk)).toBe(2);
      const notAsked = checksOf(ran).filter(({ skip }) => skip === 'not_asked');
      expect(notAsked.map(({ id }) => id)).toEqual([
        'scopes.granted',
        'scopes.extra',
        'code.replay',
        'revoke.accepted',
      ]);
      expect(notAsked[2]?.seen).toContain('--replay');
    });

    it('finds no fault with a provider that ends the access of a code that came twice', async () => {
      desk.emulator.inject({ name: 'replay-revokes' });
      const ran = await verifyCode(...strict);
      expect(ran.exitCode, ran.stdout).toBe(0);
      const accepted = checkOf(ran, 'revoke.accepted');
      expect(accepted).toMatchObject({
        outcome: 'skip',
        skip: 'not_applicable',
        seen: expect.stringContaining('replayed the code'),
      });
      const ids = ['code.replay', 'revoke.access_token', 'revoke.refresh_token'];
      const passed = checksOf(ran).flatMap(({ id, outcome }) => (outcome === 'pass' ? [id] : []));
      expect(passed.filter((id) => ids.includes(id))).toEqual(ids);
    });

    it('finds an ID token that nests too deeply to be one', async () => {
      const ask = emulatorFetch(desk.emulator);
      const part = (text: string) => Buffer.from(text).toString('base64url');
      const deep = `{"aud":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
      const token = `${part('{"alg":"RS256","kid":"x"}')}.${part(deep)}.${part('signature')}`;
      const fetch: Fetch = async (url, init) => {
        const answer = await ask(url, init);
        if (!url.endsWith('/token')) return answer;
        const body = (await new Response(answer.body as ReadableStream).json()) as object;
        return new Response(JSON.stringify({ ...body, id_token: token }), { status: 200 });
      };
      const ran = await desk.run(['verify', '--code', desk.code(), '--json'], { fetch });
      expect(ran.exitCode).toBe(6);
      expect(failedOf(ran)).toEqual(['id_token.present', 'refresh.id_token']);
      const claims = await desk.run(['claims', '--id-token', '-', '--json', '--no-verify'], {
        stdin: token,
      });
      expectFailure(claims, 'id_token_malformed');
      const exchanged = await desk.run(['exchange', desk.code(), '--json'], { fetch });
      expect(exchanged.exitCode, exchanged.stderr).toBe(0);
    });

    it('keeps nothing without --keep, and the refresh token with it', async () => {
      expect((await verifyCode()).exitCode).toBe(0);
      const without = await desk.run(['accounts', '--json']);
      expect(without.json<{ accounts: unknown[] }>().accounts).toEqual([]);
      expect((await verifyCode('--keep')).exitCode).toBe(0);
      const after = await desk.run(['accounts', '--json']);
      expect(after.json()).toMatchObject({ accounts: [{ email: tester.email }] });
      expect((await desk.run(['token'])).exitCode).toBe(0);
    });

    it('keeps the newest refresh token where the provider rotates', async () => {
      desk.emulator.inject({ name: 'rotate-refresh-token', times: 2 });
      const ran = await verifyCode('--keep');
      expect(ran.exitCode, ran.stdout).toBe(0);
      expect(checkOf(ran, 'refresh.rotation')?.outcome).toBe('pass');
      expect((await desk.run(['refresh'])).exitCode).toBe(0);
    });

    it('remembers that the code was sent, so that an exchange of it explains itself', async () => {
      const code = desk.code();
      await desk.run(['verify', '--code', code]);
      const ran = await desk.run(['exchange', code, '--json']);
      expect(expectFailure(ran, 'invalid_grant').message).toContain('This machine exchanged');
    });

    it('takes the code from stdin and shows no secret', async () => {
      const code = desk.code();
      const ran = await desk.run(['verify', '--code', '-', '--trace'], { stdin: `${code}\n` });
      expect(ran.exitCode).toBe(0);
      for (const grant of desk.emulator.state.grants) {
        expect(ran.stdout + ran.stderr).not.toContain(grant.refreshToken);
      }
      expect(ran.stdout + ran.stderr).not.toContain(code);
      expect(ran.stdout + ran.stderr).not.toMatch(/ya29\.[\w-]{8}/);
      expect(ran.stdout).toContain('✓ refresh.grant');
      expect(ran.stdout).toMatch(/^\d+ passed, 0 failed \(0\.0 s\)$/m);
    });

    it('says how to ask for what nobody asked for', async () => {
      const { stdout } = await desk.run(['verify', '--code', desk.code(), ...strict.slice(0, 2)]);
      expect(stdout).toMatch(/^ {2}- scopes\.extra +not asked for; add --no-extra-scopes$/m);
    });

    it('repeats in what was seen nothing of what was expected', async () => {
      for (const name of ['wrong-audience', 'wrong-issuer']) {
        desk.emulator.inject({ name });
        const failed = checksOf(await verifyCode()).find(({ outcome }) => outcome === 'fail');
        expect(failed?.expected).not.toBe('');
        expect(failed?.seen).not.toContain(failed?.expected);
      }
    });

    it('fits into 80 columns', async () => {
      desk.emulator.inject({ name: 'granular-consent' });
      const ran = await desk.run(['verify', '--code', desk.code(), ...strict]);
      expect(ran.exitCode).toBe(6);
      const long = ran.stdout
        .split('\n')
        .filter((line) => line.length > 80 && /\s\S+\s/.test(line));
      // Addresses and ids cannot be broken; everything else is.
      expect(long.filter((line) => !/googleusercontent|googleapis/.test(line))).toEqual([]);
    });
  });

  // No other check than the named ones may fail.
  describe('planted defects', () => {
    it.each(defects.map((planted) => ({ name: planted[0], planted })))(
      'finds $name',
      async ({ planted: [, fault, expected, error] }) => {
        desk.emulator.inject(typeof fault === 'string' ? { name: fault } : fault);
        const ran = await verifyCode(...strict);
        expect(failedOf(ran)).toEqual(expected.split(' '));
        expect(ran.exitCode).toBe(6);
        expect(ran.json<Document>().outcome).toBe('fail');
        const first = checksOf(ran).find(({ outcome }) => outcome === 'fail');
        if (error !== undefined) expect(first?.error).toBe(error);
      },
    );

    it('is a table of at least thirty', () => {
      expect(defects.length).toBeGreaterThanOrEqual(30);
      const found = defects.map(([, , checks]) => checks.split(' ')[0]);
      expect(new Set(found).size).toBeGreaterThanOrEqual(25);
    });
  });

  describe('on a stored account', () => {
    it('refreshes and judges what came', async () => {
      await desk.exchange();
      const ran = await desk.run(['verify', '--json', '--expect-email', tester.email]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      const ids = checksOf(ran).map(({ id }) => id);
      expect(ids[0]).toBe('refresh.grant');
      expect(ids).toContain('appfolder.read');
      expect(ids.filter((id) => id.startsWith('code.'))).toEqual([]);
    });

    it.each([
      ['token-type-mac', {}, 'refresh.type', 'token_type is not Bearer'],
      ['no-expires-in', {}, 'refresh.lifetime', 'no usable expires_in'],
      ['short-lived-token', {}, 'refresh.lifetime', '5 s'],
    ])('finds an odd answer to the refresh: %s', async (name, more, id, seen) => {
      await desk.exchange();
      desk.emulator.inject({ name, ...more });
      const ran = await desk.run(['verify', '--json']);
      expect(failedOf(ran)).toEqual([id]);
      expect(checkOf(ran, id)?.seen).toBe(seen);
    });

    it('judges who it is by what came, not by what this machine remembers', async () => {
      await desk.exchange();
      const flags = ['--json', '--expect-email', tester.email, '--expect-sub', tester.sub];
      desk.emulator.inject({ name: 'refresh-without-id-token', times: 'always' });
      const identity = (ran: Ran) =>
        checksOf(ran)
          .filter((check) => check.id.startsWith('identity.'))
          .map(({ id, outcome, seen }) => [id, outcome, seen]);
      expect(identity(await desk.run(['verify', ...flags]))).toEqual([
        ['identity.sub', 'pass', `${tester.sub} (tokeninfo)`],
        ['identity.email', 'pass', `${tester.email} (tokeninfo)`],
      ]);
      desk.emulator.inject({ name: 'tokeninfo-other-user' });
      const other = await desk.run(['verify', ...flags]);
      expect(failedOf(other)).toEqual(expect.arrayContaining(['identity.sub', 'identity.email']));
      desk.emulator.inject({ name: 'dead-refresh-token' });
      expect(identity(await desk.run(['verify', ...flags]))).toEqual([
        ['identity.sub', 'skip', 'there is no response to check'],
        ['identity.email', 'skip', 'there is no response to check'],
      ]);
    });

    it('judges who it is where the credentials are the environment’s, which name nobody', async () => {
      await desk.exchange();
      const { client_id, client_secret, token_uri } = desk.emulator.clientFile().web;
      const [refresh_token] = liveRefreshTokens(desk);
      const user = { type: 'authorized_user', client_id, client_secret, refresh_token, token_uri };
      const env = { GSAC_STORE: undefined, GSAC_CREDENTIALS: JSON.stringify(user) };
      const flags = ['--expect-email', tester.email, '--expect-sub', tester.sub];
      const ran = await desk.run(['verify', '--store', 'env', '--json', ...flags], { env });
      expect(failedOf(ran)).toEqual([]);
      expect(ran.exitCode, ran.stderr).toBe(0);
    });

    it('keeps the account where the revocation turns out to do nothing', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'revoke-ignored' });
      const ran = await desk.run(['verify', '--revoke', '--yes']);
      expect(ran.exitCode).toBe(6);
      expect(ran.stderr).toContain('is not known to be dead, so gsac keeps the account');
      expect((await desk.run(['refresh'])).exitCode).toBe(0);
      expect((await desk.run(['verify', '--revoke', '--yes'])).exitCode).toBe(0);
      expect((await desk.run(['accounts', '--json'])).json()).toEqual({ accounts: [] });
    });

    it('waits for a revocation that takes its time, as Google’s may', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'slow-revocation', requests: 3 });
      const ran = await desk.run(['verify', '--revoke', '--yes', '--json']);
      expect(failedOf(ran)).toEqual([]);
      expect(checkOf(ran, 'revoke.access_token')).toMatchObject({
        outcome: 'pass',
        // Half a second, one and two.
        seen: 'it is unknown, 3.5 s after the revocation',
      });
      expect(checkOf(ran, 'revoke.refresh_token')?.seen).toBe(
        'invalid_grant, 3.5 s after the revocation',
      );
    });

    it('waits no longer than a request may take', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'slow-revocation', requests: 1_000 });
      const ran = await desk.run(['verify', '--revoke', '--yes', '--json', '--timeout', '5']);
      expect(failedOf(ran)).toEqual(['revoke.access_token', 'revoke.refresh_token']);
      expect(checkOf(ran, 'revoke.refresh_token')?.seen).toBe(
        'it still works, 5 s after the revocation',
      );
      expect((await desk.run(['refresh'])).exitCode).toBe(0);
    });

    it('says so while it waits, to a person', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'slow-revocation', requests: 1 });
      const ran = await desk.run(['verify', '--revoke', '--yes'], { tty: true });
      expect(ran.exitCode).toBe(0);
      expect(ran.stderr).toContain('has not taken full effect yet');
    });

    it('ends with 130 where the person does not wait', async () => {
      await desk.exchange();
      const controller = new AbortController();
      desk.emulator.inject({ name: 'slow-revocation', requests: 1_000 });
      const ask = emulatorFetch(desk.emulator);
      const fetch: Fetch = async (url, init) => {
        const answer = await ask(url, init);
        if (desk.emulator.requests.count('/tokeninfo') > 2) controller.abort();
        return answer;
      };
      const ran = await desk.run(['verify', '--revoke', '--yes', '--json'], {
        fetch,
        signal: controller.signal,
      });
      expectFailure(ran, 'cancelled');
    });

    it('warns before it revokes what is stored for the same person', async () => {
      await desk.exchange();
      await desk.exchange({ user: 'qa@example.org' });
      const id = '816263040977-webserver0emulator0client0000002.apps.googleusercontent.com';
      const other = desk.file('other.json', JSON.stringify(desk.emulator.clientFile(id)));
      await desk.run(['exchange', desk.code({ clientId: id }), '--client', other]);
      const flags = ['--revoke', '--expect-email', tester.email];
      const hit = await verifyCode(...flags);
      const message = `The revocation also ends the access of this stored account: ${tester.email}.`;
      expect(hit.json()).toMatchObject({ warnings: [{ code: 'stored_account_revoked', message }] });
      expect((await desk.run(['refresh', '-a', 'qa@example.org'])).exitCode).toBe(0);
      // Who a code is of is not known before it is sent.
      let asked = 0;
      const human = await desk.run(['verify', '--code', desk.code(), '--revoke'], {
        onStderr(text) {
          if (text.includes('warning')) asked = desk.emulator.requests.count();
        },
      });
      expect(human.stderr).toMatch(
        /may also end the access of these stored accounts: qa@example\.org, tester@example\.com\./,
      );
      expect(asked).toBeGreaterThan(0);
      expect(desk.emulator.requests.count()).toBeGreaterThan(asked);
      // An account that is revoked as asked is no surprise.
      const own = await desk.run(['verify', '-a', 'qa@example.org', '--revoke', '--yes']);
      expect(own).toMatchObject({ exitCode: 0, stderr: '' });
    });

    /** The network, with the vault out of the way once a path was asked for. */
    function losingTheVault(path: string): Fetch {
      const ask = emulatorFetch(desk.emulator);
      const vault = join(desk.home, 'vault');
      return async (url, init) => {
        const answer = await ask(url, init);
        if (url.includes(path)) {
          renameSync(vault, `${vault}-away`);
          writeFileSync(vault, 'in the way');
        }
        return answer;
      };
    }

    it('reports although the account cannot be forgotten after its revocation', async () => {
      await desk.exchange();
      const fetch = losingTheVault('/revoke');
      const ran = await desk.run(['verify', '--revoke', '--yes'], { fetch });
      expect(ran.stdout).toContain('✓ revoke.accepted');
      expect(ran.stderr).toContain('but gsac could not remove the account from this machine');
      expect(ran.exitCode).toBe(0);
    });

    it('revokes nothing where the account could not be forgotten', async () => {
      await desk.exchange();
      const fetch = losingTheVault('/drive/');
      const ran = await desk.run(['verify', '--revoke', '--yes', '--json'], { fetch });
      expect(ran.exitCode).toBe(5);
      expect(ran.error().message).toContain('Nothing was revoked.');
      expect(desk.emulator.requests.count('/revoke')).toBe(0);
    });

    it('stores a rotated refresh token, so that the next run works', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'rotate-refresh-token' });
      expect((await desk.run(['verify'])).exitCode).toBe(0);
      expect((await desk.run(['verify'])).exitCode).toBe(0);
    });

    it('finds a dead refresh token, exit 6', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'dead-refresh-token' });
      const ran = await desk.run(['verify', '--json']);
      expect(ran.exitCode).toBe(6);
      expect(failedOf(ran)).toEqual(['refresh.grant']);
      const others = checksOf(ran).filter(({ outcome }) => outcome === 'pass');
      expect(others).toEqual([]);
    });

    it('puts what failed first, and counts what could not run for it', async () => {
      await desk.exchange();
      const human = async (...flags: string[]) => {
        desk.emulator.inject({ name: 'dead-refresh-token' });
        return (await desk.run(['verify', ...flags])).stdout;
      };
      const short = await human();
      expect(short.split('\n')[2]).toMatch(/^ {2}✗ refresh\.grant /);
      expect(short).toContain('\n  ✗ 22 checks could not run: the refresh failed.');
      expect(short).not.toContain('tokeninfo.audience');
      const long = await human('--verbose');
      expect(long.replace(/\n +/g, ' ')).toMatch(
        /22 checks could not run: the refresh failed: refresh\.type, .*tokeninfo\.audience, /,
      );
      desk.emulator.inject({ name: 'no-refresh-token' });
      const { stdout } = await desk.run(['verify', '--code', desk.code()]);
      const marks = [...stdout.matchAll(/^ {2}([✗✓-]) /gm)].map(([, mark]) => mark).join('');
      expect(marks).toMatch(/^✗+✓+-+$/);
    });

    it('finds a grant that ends, where one that does not is asked for', async () => {
      await desk.exchange();
      const endless = await desk.run(['verify', '--no-expiring-grant', '--json']);
      expect(endless.exitCode).toBe(0);
      const permanent = checkOf(endless, 'refresh_token.permanent');
      expect(permanent).toMatchObject({ outcome: 'pass', seen: 'no end is stated' });
      desk.emulator.inject({ name: 'expiring-grant' });
      await desk.exchange();
      const asked = await desk.run(['verify', '--no-expiring-grant', '--json']);
      expect(asked.exitCode).toBe(6);
      expect(failedOf(asked)).toEqual(['refresh_token.permanent']);
      expect(checksOf(asked).find(({ outcome }) => outcome === 'fail')?.seen).toMatch(/^ends in /);
      const unasked = await desk.run(['verify', '--json']);
      expect(unasked.exitCode).toBe(0);
      expect(checkOf(unasked, 'refresh_token.permanent')).toMatchObject({
        skip: 'not_asked',
        seen: expect.stringContaining('--no-expiring-grant'),
      });
    });

    it('finds the end that only the refresh states', async () => {
      desk.emulator.inject({ name: 'expiring-grant' });
      await desk.exchange();
      const [token = ''] = liveRefreshTokens(desk);
      const { client_id: id, client_secret: secret } = desk.emulator.clientFile().web;
      const ran = await desk.run(['verify', '--store', 'env', '--no-expiring-grant', '--json'], {
        env: { GSAC_CLIENT_ID: id, GSAC_CLIENT_SECRET: secret, GSAC_REFRESH_TOKEN: token },
      });
      expect(failedOf(ran)).toEqual(['refresh_token.permanent']);
    });

    it('says that no account is stored, exit 4', async () => {
      expectFailure(await desk.run(['verify', '--json']), 'account_unknown');
    });

    it('revokes with --revoke --yes and forgets the account', async () => {
      await desk.exchange();
      const asked = await desk.run(['verify', '--revoke', '--json']);
      expectFailure(asked, 'input_required');
      const ran = await desk.run(['verify', '--revoke', '--yes', '--json']);
      expect(ran.exitCode).toBe(0);
      expect(checksOf(ran).map(({ id }) => id)).toContain('revoke.refresh_token');
      expect((await desk.run(['accounts', '--json'])).json()).toMatchObject({ accounts: [] });
    });

    it('fails on a dead network, exit 6, and blames no proxy', async () => {
      await desk.exchange();
      const dead = (code: string) => ({ fetch: deadFetch(desk, code) });
      const ran = await desk.run(['verify', '--json'], dead('ENOTFOUND'));
      expect(ran.exitCode).toBe(6);
      expect(checksOf(ran)[0]).toMatchObject({
        id: 'refresh.grant',
        outcome: 'fail',
        error: 'network_unreachable',
      });
      const silent = await desk.run(['verify'], dead('ECONNREFUSED'));
      expect(silent.exitCode).toBe(6);
      expect(silent.stdout).toContain('Is the emulator running');
      expect(silent.stdout).not.toContain('proxy-not-used');
    });
  });

  describe('on a sign-in in a browser', () => {
    const browse: Browse = (url, form) =>
      desk.emulator.fetch(
        new Request(url, form === undefined ? {} : { method: 'POST', body: form }),
      );

    async function login(
      work: (url: string) => Promise<unknown>,
      ...flags: string[]
    ): Promise<Ran> {
      let browsing: Promise<unknown> = Promise.resolve();
      const desktop = desk.file('desktop.json', JSON.stringify(desk.emulator.desktopClientFile()));
      const ran = await desk.run(['verify', '--login', '--client', desktop, '--json', ...flags], {
        env: { DISPLAY: ':0' },
        launch: async (_file, [url = '']) => {
          browsing = work(url);
          browsing.catch(() => undefined);
          return true;
        },
      });
      await browsing;
      return ran;
    }

    const agree = (grant: readonly string[]) => async (url: string) =>
      fetch(await consent(url, { grant }, browse));

    it('verifies what was asked for', async () => {
      const appData = 'https://www.googleapis.com/auth/drive.appdata';
      const ran = await login(agree([appData]), '--no-extra-scopes');
      expect(ran).toMatchObject({ exitCode: 0 });
      const passed = checksOf(ran).filter(({ outcome }) => outcome === 'pass');
      expect(passed.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['sign_in.code', 'scopes.granted', 'scopes.extra', 'refresh.grant']),
      );
    });

    it('finds a scope that the person unticked', async () => {
      expect(failedOf(await login(agree([])))).toEqual(['scopes.granted']);
    });

    it('waits on the port and for as long as gsac login does, where it is told to', async () => {
      let address = '';
      const notice = async (url: string) => {
        address = new URL(url).searchParams.get('redirect_uri') ?? '';
      };
      const flags = ['--port', '0', '--redirect-path', '/back', '--wait', '0.1s'];
      const ran = await login(notice, ...flags);
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/back$/);
      expect(checksOf(ran)[0]).toMatchObject({ id: 'sign_in.code', error: 'sign_in_timeout' });
      expect(ran.exitCode).toBe(6);
    });
  });

  describe('usage', () => {
    it.each([
      ['two beginnings', ['--code', '4/0Ax', '--login']],
      ['--wait without --login', ['--code', '4/0Ax', '--wait', '1m']],
      ['--port without --login', ['--port', '8080']],
      ['--replay without a code', ['--replay']],
      ['--keep with --revoke', ['--code', '4/0Ax', '--keep', '--revoke']],
      ['--no-extra-scopes alone', ['--code', '4/0Ax', '--no-extra-scopes']],
      ['an unknown report', ['--report', 'pdf']],
      ['a report without a file after =', ['--report', 'tap=']],
      ['a leeway that is none', ['--clock-tolerance', 'long']],
      ['a scope that a variable did not name', ['--expect-scope', '', '--no-extra-scopes']],
      [
        'one such scope of two',
        ['--code', '4/0Ax', '--expect-scope', 'openid', '--expect-scope', ' '],
      ],
      ['scopes of commas alone', ['--code', '4/0Ax', '--expect-scope', ' , ']],
      ['a blank sub', ['--expect-sub', '']],
      ['a blank address', ['--expect-email', ' ']],
      ['a blank domain', ['--expect-hd', '']],
      ['a blank account', ['-a', ' ']],
      ['a blank code', ['--code', '']],
      ['blank scopes of a sign-in', ['--login', '--scope', '']],
    ])('refuses %s before anything is sent', async (_what, flags) => {
      expectFailure(await desk.run(['verify', ...flags, '--json']), 'usage');
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it.each([
      { argv: ['--source', 'web-popup'], says: '--source goes with --code.' },
      { argv: ['--redirect-uri', 'x'], says: '--redirect-uri goes with --code.' },
      { argv: ['--code-verifier', 'x'], says: '--code-verifier goes with --code.' },
      { argv: ['--scope', 'y'], says: '--scope goes with --login.' },
      { argv: ['--login-hint', 'y'], says: '--login-hint goes with --login.' },
      { argv: ['--no-browser'], says: '--no-browser goes with --login.' },
      { argv: ['--keep'], says: '--keep needs a code.' },
      { argv: ['--login', '-a', 'qa@example.org'], says: '--account goes with a stored account.' },
      { argv: ['--login', '--source', 'ios'], says: '--source goes with --code.' },
      { argv: ['--code', '4/0Ax', '-a', 'x'], says: '--account goes with a stored account.' },
      { argv: ['--code', '4/0Ax', '--scope', 'openid'], says: '--scope goes with --login.' },
    ])('refuses $argv, which would say nothing', async ({ argv, says }) => {
      await desk.exchange();
      const before = desk.emulator.requests.count();
      const launch = () => Promise.reject(new Error('a browser was opened'));
      const ran = await desk.run(['verify', ...argv, '--json'], { launch });
      expect(expectFailure(ran, 'usage').message).toBe(says);
      expect(desk.emulator.requests.count()).toBe(before);
    });

    it('takes an account from the environment for none of a code’s', async () => {
      const ran = await desk.run(['verify', '--code', desk.code()], {
        env: { GSAC_ACCOUNT: 'qa@example.org' },
      });
      expect(ran.exitCode).toBe(0);
    });

    it('refuses what is no code, exit 2, and sends nothing', async () => {
      const ran = await desk.run(['verify', '--code', '1//0gRefreshTokenByMistake', '--json']);
      expect(ran.exitCode).toBe(2);
      expect(desk.emulator.requests.count()).toBe(0);
    });
  });
});
