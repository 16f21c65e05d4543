import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../src/core/secret.js';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, type Ran, useDesk } from '../support/run.js';
import { expectFailure, liveRefreshTokens, tokenRequests } from './support.js';

/** The document of `--json`, as far as these tests look at it. */
interface Document {
  plan: string;
  outcome: 'pass' | 'fail';
  flows: {
    name: string;
    kind: string;
    outcome: string;
    checks: { id: string; outcome: string; seen: string; error?: string }[];
  }[];
}

describe('gsac verify --plan', () => {
  const desk = useDesk();

  const withClient = (flows: string) =>
    `version: 1\nclient: client_secret_test.json\nflows:\n${flows}`;
  const plan = (flows: string) => desk.file('plan.yaml', withClient(flows));
  const run = (flows: string, flags: readonly string[] = [], more = {}) =>
    desk.run(['verify', '--plan', plan(flows), '--json', ...flags], more);
  const flowsOf = (ran: Ran) => {
    expect(ran.stdout, ran.stderr).not.toBe('');
    return ran.json<Document>().flows;
  };
  const outcomes = (ran: Ran) => flowsOf(ran).map(({ name, outcome }) => `${name}: ${outcome}`);
  const failedChecks = (ran: Ran) =>
    flowsOf(ran).flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'fail'));

  /** A network that notes how many requests are under way, and with which it was asked. */
  function watched(before: (url: string, now: number) => unknown = () => undefined) {
    const ask = emulatorFetch(desk.emulator);
    const state = { now: 0, most: 0, paths: [] as string[] };
    const fetch: Fetch = async (url, init) => {
      state.now += 1;
      state.most = Math.max(state.most, state.now);
      state.paths.push(new URL(url).pathname);
      try {
        await before(url, state.now);
        await new Promise(setImmediate);
        return await ask(url, init);
      } finally {
        state.now -= 1;
      }
    };
    return { fetch, state };
  }

  describe('flows', () => {
    it('of every kind, named and in the plan’s order', async () => {
      await desk.exchange();
      const file = desk.file('code.txt', `${desk.code()}\n`);
      const ran = await run(
        [
          '  - account: tester@example.com',
          '  - name: from a variable',
          '    code: {env: A_CODE}',
          '  - code: {file: code.txt}',
          '    replay: true',
          '  - sign_in: {user: qa@example.org, source: web-popup}',
          '    revoke: true',
          '  - sign_in: {source: web-redirect}',
          '  - sign_in: {}',
          '    repeat: 2',
          '  - name: "sign-in #2"',
          '    sign_in: {scopes: openid drive.appdata}',
          '    expect: {extra_scopes: false}',
        ].join('\n'),
        [],
        { env: { A_CODE: desk.code() } },
      );
      expect(existsSync(file)).toBe(true);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      expect(outcomes(ran)).toEqual([
        'tester@example.com: pass',
        'from a variable: pass',
        'code in a file: pass',
        'sign-in of qa@example.org: pass',
        'sign-in #1: pass',
        'sign-in #3: pass',
        'sign-in #4: pass',
        'sign-in #2: pass',
      ]);
      expect(flowsOf(ran).map(({ kind }) => kind)).toEqual([
        'account',
        'code',
        'code',
        ...Array(5).fill('emulator'),
      ]);
      expect(ran.json<Document>().plan).toBe(join(dirname(desk.clientFile), 'plan.yaml'));
      const passed = (at: number) =>
        flowsOf(ran)[at]?.checks.flatMap(({ id, outcome }) => (outcome === 'pass' ? [id] : []));
      expect(passed(2)).toContain('code.replay');
      expect(passed(3)).toEqual(
        expect.arrayContaining(['revoke.access_token', 'revoke.refresh_token']),
      );
      expect(passed(7)).toContain('scopes.extra');
    });

    it('that must fail do not pass by an outage, unless it is what they name', async () => {
      const flows = (error = '') =>
        [
          '  - name: refused',
          '    sign_in: {faults: ["status:status=503,path=/token,times=always"]}',
          `    expect: {failure: {check: code.exchange${error}}}`,
        ].join('\n');
      const ran = await run(flows());
      expect(outcomes(ran)).toEqual(['refused: fail']);
      expect(failedChecks(ran)[0]).toMatchObject({
        expected: 'this check fails, but not because of an outage',
        causes: [{ cause: 'google_unavailable' }],
      });
      expect(outcomes(await run(flows(', error: google_unavailable')))).toEqual(['refused: pass']);
    });

    it.each([
      { error: 'invalid', outcome: 'fail' },
      { error: 'invalid_grant', outcome: 'pass' },
    ])('that must fail with $error are held to the whole name', async ({ error, outcome }) => {
      const wanted = `expect: {failure: {check: refresh.grant, error: ${error}}}`;
      const ran = await run(`  - sign_in: {faults: [dead-refresh-token]}\n    ${wanted}`);
      expect(outcomes(ran)).toEqual([`sign-in: ${outcome}`]);
    });

    it('that must fail are excused from what that failure kept from running, from nothing else', async () => {
      await desk.exchange();
      const flow = (failure: string) =>
        `  - name: one\n    account: tester@example.com\n    expect: {hosted_domain: example.com, ${failure}}`;
      const declined = 'scopes: openid drive.file, failure: {check: scopes.granted}';
      desk.emulator.inject({ name: 'refresh-without-id-token' });
      expect(outcomes(await run(flow(declined)))).toEqual(['one: fail']);
      desk.emulator.inject({ name: 'dead-refresh-token' });
      const dead = 'failure: {check: refresh.grant, error: invalid_grant}';
      expect(outcomes(await run(flow(dead)))).toEqual(['one: pass']);
    });

    it('of one account under several names are run one after the other', async () => {
      await desk.exchange();
      const names = ['tester@example.com', '"104729361850274916385"', 'TESTER@example.com'];
      desk.emulator.requests.clear();
      const ran = await run(names.map((name) => `  - account: ${name}`).join('\n'));
      expect(flowsOf(ran).map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'pass']);
      expect(tokenRequests(desk)).toBe(3);
    });

    it('that must fail: they pass where they do, and fail where they do not', async () => {
      await desk.exchange();
      const [token = ''] = liveRefreshTokens(desk);
      const revoke = `${desk.emulator.origin}/revoke`;
      await desk.emulator.fetch(
        new Request(revoke, { method: 'POST', body: new URLSearchParams({ token }) }),
      );
      const expectation = '    expect: {failure: {check: refresh.grant, error: invalid_grant}}';
      const revoked = await run(`  - account: tester@example.com\n${expectation}`);
      expect(outcomes(revoked)).toEqual(['tester@example.com: pass']);
      expect(revoked.exitCode).toBe(0);

      const unexpected = await run('  - account: tester@example.com');
      expect(failedChecks(unexpected)).toMatchObject([
        { id: 'refresh.grant', error: 'invalid_grant' },
      ]);
      const alive = await run(`  - sign_in: {}\n${expectation}`);
      expect(failedChecks(alive)).toMatchObject([
        { id: 'refresh.grant', seen: expect.stringMatching(/^it passed/) },
      ]);
      expect([unexpected.exitCode, alive.exitCode]).toEqual([6, 6]);
    });

    it('that wait for the failure of a check that they do not have do not pass', async () => {
      await desk.exchange();
      const ran = await run(
        '  - account: tester@example.com\n    expect: {failure: {check: refresh.rotation}}',
      );
      expect(ran.exitCode).toBe(6);
      expect(failedChecks(ran)).toMatchObject([
        {
          id: 'refresh.rotation',
          seen: 'it did not run: this kind of flow does not have this check',
        },
      ]);
    });

    it('that cannot be run fail by themselves, and end no other', async () => {
      await desk.exchange();
      const ran = await run(
        [
          '  - account: nobody@example.com',
          '  - code: {env: NOT_SET}',
          '  - code: {file: missing.txt}',
          '  - code: {env: NO_CODE}',
          '  - sign_in: {user: nobody@example.com}',
          '  - sign_in: {faults: ["no-id-token:user=nobody@example.com"]}',
          '  - account: tester@example.com',
          '  - sign_in: {}',
        ].join('\n'),
        [],
        { env: { NO_CODE: 'ya29.this-is-an-access-token-and-no-code' } },
      );
      expect(ran.exitCode).toBe(6);
      expect(failedChecks(ran).map(({ id, error }) => [id, error])).toEqual([
        ['flow.run', 'account_unknown'],
        ['flow.run', 'usage'],
        ['flow.run', 'usage'],
        ['flow.run', 'code_not_a_code'],
        ['flow.run', 'usage'],
        ['flow.run', 'usage'],
      ]);
      expect(outcomes(ran).slice(-2)).toEqual(['tester@example.com: pass', 'sign-in #2: pass']);
      const seen = failedChecks(ran).map((check) => check.seen);
      expect(seen[1]).toBe('The variable NOT_SET is not set.');
      expect(seen[2]).toMatch(/missing\.txt does not exist\.$/);
      expect(seen[4]).toMatch(
        /^The emulator refuses: There is no user "nobody@example\.com"; there are/,
      );
      expect(seen[5]).toMatch(/^The emulator refuses: There is no user "nobody@example\.com"/);
    });

    it('of a store that does not open fail, and end no other', async () => {
      await desk.exchange();
      const env = { GSAC_FILE_KEY: Buffer.alloc(32, 1).toString('base64') };
      const ran = await run('  - account: tester@example.com\n  - sign_in: {}', [], { env });
      expect(outcomes(ran)).toEqual(['tester@example.com: fail', 'sign-in: pass']);
      expect(failedChecks(ran)).toMatchObject([{ id: 'flow.run', error: 'store_key_wrong' }]);
    });

    it('are held to the defaults, key by key', async () => {
      const path = desk.file(
        'defaults.yaml',
        [
          'version: 1',
          'name: who is who',
          'clients: {backend: client_secret_test.json}',
          'defaults:',
          '  scopes: [openid, email]',
          '  source: android',
          '  expect: {email: tester@example.com, extra_scopes: false}',
          'flows:',
          '  - {name: as they say, client: backend, sign_in: {}}',
          '  - name: somebody else',
          '    client: backend',
          '    sign_in: {user: qa@example.org}',
          '  - name: more scopes',
          '    client: backend',
          '    sign_in: {user: qa@example.org, scopes: [openid, email, profile]}',
          '    expect: {email: qa@example.org}',
        ].join('\n'),
      );
      const ran = await desk.run(['verify', '--plan', path, '--json']);
      expect(ran.json<Document>().plan).toBe('who is who');
      expect(outcomes(ran)).toEqual([
        'as they say: pass',
        'somebody else: fail',
        'more scopes: pass',
      ]);
      expect(failedChecks(ran).map(({ id }) => id)).toEqual(['identity.email']);
    });

    it.each([
      { fault: 'other-user', failed: ['identity.email'] },
      { fault: 'wrong-email', failed: ['tokeninfo.identity', 'identity.email'] },
    ])('with another person than is named to sign in fail: $fault', async ({ fault, failed }) => {
      const ran = await run(`  - sign_in: {user: tester@example.com, faults: [${fault}]}`);
      expect(failedChecks(ran).map(({ id }) => id)).toEqual(failed);
      expect(ran.exitCode).toBe(6);
    });

    it('are held to whom they expect before whom they name, and to nobody without openid', async () => {
      const ran = await run(
        [
          '  - sign_in: {user: tester@example.com, faults: [other-user]}',
          '    expect: {email: qa@example.org}',
          '  - sign_in: {user: tester@example.com, scopes: [drive.appdata]}',
          '  - sign_in: {user: tester@example.com, scopes: [openid, drive.appdata]}',
          '  - sign_in: {user: tester@example.com, faults: [wrong-email]}',
          '    expect: {failure: [{check: identity.email}, {check: tokeninfo.identity}]}',
        ].join('\n'),
      );
      expect(failedChecks(ran)).toEqual([]);
      expect(ran.exitCode).toBe(0);
    });

    it('of a grant that ends fail where they may not', async () => {
      desk.emulator.inject({ name: 'expiring-grant' });
      await desk.exchange();
      const account = '  - account: tester@example.com\n    expect:\n      expiring_grant: false';
      expect(failedChecks(await run(account)).map(({ id }) => id)).toEqual([
        'refresh_token.permanent',
      ]);
      const meant = await run(`${account}\n      failure: {check: refresh_token.permanent}`);
      expect(meant.exitCode).toBe(0);
    });

    it('keep what they are told to keep, and nothing else', async () => {
      await run('  - sign_in: {user: qa@example.org}\n    keep: true\n  - sign_in: {}');
      const { accounts } = (await desk.run(['accounts', '--json'])).json<{
        accounts: { email: string }[];
      }>();
      expect(accounts.map(({ email }) => email)).toEqual(['qa@example.org']);
    });
  });

  describe('many at once', () => {
    it.each([
      { flags: ['--concurrency', '3'], most: 3 },
      { flags: [], most: 5 },
    ])('as many as $most, and no more', async ({ flags, most }) => {
      const { fetch, state } = watched();
      const path = desk.file(
        'many.yaml',
        'version: 1\nconcurrency: 5\nflows: [{sign_in: {}, repeat: 20}]',
      );
      const ran = await desk.run(['verify', '--plan', path, '--json', ...flags], { fetch });
      expect(ran.exitCode).toBe(0);
      expect(state.most).toBe(most);
      expect(flowsOf(ran)).toHaveLength(20);
    });

    it('but one by one where they would revoke each other’s access', async () => {
      const flows =
        '  - sign_in: {}\n    revoke: true\n    repeat: 8\n  - sign_in: {}\n    repeat: 8';
      const { fetch, state } = watched();
      const ran = await run(flows, [], { fetch });
      expect(ran.exitCode, ran.stdout).toBe(0);
      // What revokes comes last: nobody signs in before whoever revokes has come to the end.
      const revocations = state.paths.flatMap((path, at) => (path === '/revoke' ? [at] : []));
      const signIns = state.paths.flatMap((path, at) => (path.endsWith('/sign-in') ? [at] : []));
      for (const [number, at] of revocations.slice(0, -1).entries()) {
        expect(signIns.filter((signIn) => signIn < at)).toHaveLength(8 + number + 1);
      }
      expect(liveRefreshTokens(desk)).toEqual([]);
    });

    it('with the issuer’s keys fetched once for all', async () => {
      const ask = emulatorFetch(desk.emulator);
      let haveCome = () => {};
      const everyIdToken = new Promise<void>((resolve) => {
        haveCome = resolve;
      });
      let exchanges = 0;
      // The keys come when every flow has an ID token that needs them.
      const fetch: Fetch = async (url, init) => {
        if (url.endsWith('/certs')) await everyIdToken;
        const answer = await ask(url, init);
        if (url.endsWith('/token')) exchanges += 1;
        if (exchanges === 10) setImmediate(haveCome);
        return answer;
      };
      const ran = await run('  - sign_in: {}\n    repeat: 10', [], { fetch });
      expect(ran.exitCode).toBe(0);
      expect(desk.emulator.requests.count('/oauth2/v3/certs')).toBe(1);
    });
  });

  describe('faults', () => {
    it('hit their own flow alone, and are taken back', async () => {
      const ran = await run(
        [
          '  - name: faulty',
          '    sign_in: {faults: ["no-refresh-token:times=always", "latency:ms=1,times=always"]}',
          '    expect: {failure: {check: refresh_token.present}}',
          '  - name: right',
          '    sign_in: {}',
          '    repeat: 4',
          '  - name: of another person',
          '    sign_in: {user: qa@example.org, faults: [wrong-signature]}',
          '    expect: {failure: [{check: id_token.signature}]}',
        ].join('\n'),
      );
      expect(outcomes(ran)).toEqual([
        'faulty: pass',
        ...[1, 2, 3, 4].map((number) => `right #${number}: pass`),
        'of another person: pass',
      ]);
      expect(desk.emulator.faults.active).toEqual([]);
    });

    it('leave those of the same name that were there before', async () => {
      desk.emulator.inject({ name: 'latency', ms: 1, times: 'always', user: 'qa@example.org' });
      desk.emulator.inject({ name: 'no-refresh-token', client: 'nobody' });
      const before = desk.emulator.faults.active;
      const ran = await run(
        [
          '  - sign_in: {faults: ["no-refresh-token:times=always", "latency:ms=1,times=always"]}',
          '    expect: {failure: {check: refresh_token.present}}',
        ].join('\n'),
      );
      expect(ran.exitCode).toBe(0);
      expect(before).toHaveLength(2);
      expect(desk.emulator.faults.active).toEqual(before);
    });

    it('that never happen are warned of, once for each entry', async () => {
      const flows = [
        '  - name: elsewhere',
        '    sign_in: {faults: ["status:path=/nonexistent", "latency:ms=1"]}',
        '    repeat: 3',
      ].join('\n');
      const ran = await desk.run(['verify', '--plan', plan(flows)]);
      expect(ran.exitCode).toBe(0);
      expect(ran.stderr).toBe(
        'gsac: warning: elsewhere #1: the fault status:path=/nonexistent did not happen: it hit no request of the flow.\n' +
          'gsac: hint: To see what a fault hits, run `gsac emulator faults`.\n',
      );
      expect(desk.emulator.faults.active).toEqual([]);
      const json = await run('  - sign_in: {faults: [corrupt-download]}');
      expect(json).toMatchObject({ exitCode: 0, stderr: '' });
      expect(json.json()).toMatchObject({
        warnings: [{ code: 'fault_idle', message: expect.stringContaining('corrupt-download') }],
      });
    });

    it('aim at whom they say, else at the user', async () => {
      const ordered: string[] = [];
      const ask = emulatorFetch(desk.emulator);
      const fetch: Fetch = async (url, init) => {
        if (url.endsWith('/_emulator/faults') && init.body !== undefined) {
          ordered.push(JSON.parse(init.body).fault);
        }
        return ask(url, init);
      };
      const { client_id: id } = desk.emulator.clientFile().web;
      await run(
        [
          '  - sign_in: {user: qa@example.org, faults: [no-id-token, "status:status=503,path=/token"]}',
          '  - sign_in: {faults: ["status:status=429"]}',
        ].join('\n'),
        [],
        { fetch },
      );
      expect(ordered).toEqual([
        'no-id-token:user=qa@example.org',
        'status:status=503,path=/token',
        `status:status=429,client=${id}`,
      ]);
    });
  });

  describe('what people see', () => {
    const human = (flows: string, more = {}) => desk.run(['verify', '--plan', plan(flows)], more);

    it('is the failing checks of flows that failed, then a line for each that passed', async () => {
      const ran = await human(
        '  - sign_in: {}\n    repeat: 2\n  - name: wrong\n    sign_in: {}\n    expect: {sub: "1"}',
      );
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toBe(
        [
          '✗ wrong, tester@example.com',
          '  ✗ identity.sub  the person has the expected sub',
          '      expected  1',
          '      seen      104729361850274916385',
          '✓ sign-in #1, tester@example.com: 29 checks passed (0.0 s)',
          '✓ sign-in #2, tester@example.com: 29 checks passed (0.0 s)',
          '2 of 3 flows passed (0.0 s)',
          '',
        ].join('\n'),
      );
    });

    it('counts what could not run, and names it with --verbose', async () => {
      const flows = '  - sign_in: {faults: [dead-refresh-token]}';
      const ran = await human(flows);
      expect(ran.stdout).toContain('\n  ✗ 4 checks could not run: the refresh failed.\n');
      const verbose = await desk.run(['verify', '--verbose', '--plan', plan(flows)]);
      expect(verbose.stdout).toContain('the refresh failed: refresh.type, ');
    });

    it('names the keys of a plan for what nobody asked for', async () => {
      const ran = await run('  - sign_in: {}');
      const seen = flowsOf(ran).flatMap(({ checks }) => checks.map((check) => check.seen));
      expect(seen.join('\n')).toMatch(/add extra_scopes: false\n[\s\S]*add replay: true /);
    });

    it('is the sum alone where many pass', async () => {
      const ran = await human('  - sign_in: {}\n    repeat: 41\n  - account: nobody@example.com');
      expect(ran.stdout).toMatch(/^✗ nobody@example\.com\n {2}✗ flow\.run {2}the flow can run\n/);
      expect(ran.stdout).toMatch(/\n41 of 42 flows passed \(0\.0 s\)\n$/);
      expect(ran.stdout).not.toContain('✓');
    });

    it('is the first of many failures at length, and the names of the rest', async () => {
      const ran = await human('  - account: nobody@example.com\n    repeat: 33');
      expect(ran.stdout.match(/^ {2}✗ flow\.run/gm)).toHaveLength(20);
      const rest = ran.stdout.slice(ran.stdout.lastIndexOf('✗')).replace(/\n {2}/g, ' ');
      expect(rest).toMatch(/^✗ and 13 more: nobody@example\.com #21, /);
      expect(rest).toMatch(/nobody@example\.com #30, …\n0 of 33 flows passed \(0\.0 s\)\n$/);
    });

    it('is a bar on a terminal, and none with --quiet', async () => {
      const shown: string[] = [];
      const onStderr = (text: string) => shown.push(text);
      const flows = '  - sign_in: {}\n    repeat: 3\n  - account: nobody@example.com';
      await human(flows, { tty: true, onStderr });
      expect(shown.join('')).toMatch(/█+ 4\/4 flows, 1 failed/);
      const quiet = await desk.run(['verify', '--quiet', '--plan', plan(flows)], { tty: true });
      expect(quiet.stderr).toBe('');
    });
  });

  describe('reports', () => {
    it('hold the plan’s flows, and requests only where they show them', async () => {
      const har = join(dirname(desk.clientFile), 'plan.har');
      const tap = join(dirname(desk.clientFile), 'plan.tap');
      const flows = '  - sign_in: {}\n    repeat: 2';
      const ran = await run(flows, ['--har', har, '--report', `tap=${tap}`]);
      expect(ran.exitCode).toBe(0);
      const { entries, pages } = JSON.parse(readFileSync(har, 'utf8')).log;
      expect(pages).toHaveLength(2);
      const exchange = entries.find((entry: { request: { url: string } }) =>
        entry.request.url.endsWith('/token'),
      );
      expect(exchange.request.postData.text).toMatch(/client_secret=GOCSPX-…/);
      expect(exchange.response.content.text).toContain('"access_token"');
      expect(readFileSync(tap, 'utf8')).toMatch(/^TAP version 13\n1\.\.2\n/);
    });

    it.each([[[]], [['--har', 'out.har']]])('hold no secret %j', async (flags: string[]) => {
      const given = flags.map((flag) => flag.replace('out.har', join(desk.home, '../out.har')));
      const ran = await run('  - sign_in: {}\n    replay: true\n    revoke: true', given);
      expect(ran.exitCode).toBe(0);
      const written = flags.length === 0 ? '' : readFileSync(join(desk.home, '../out.har'), 'utf8');
      expect(findSecrets(ran.stdout + ran.stderr + written)).toEqual([]);
    });
  });

  describe('revoking stored accounts', () => {
    const flows = '  - account: tester@example.com\n    revoke: true';

    it('needs --yes where nobody can be asked, and sends nothing without', async () => {
      await desk.exchange();
      const before = tokenRequests(desk);
      const error = expectFailure(await run(flows), 'input_required');
      expect(error.hint).toContain('tester@example.com');
      expect(error.hint).toContain('--yes');
      expect(tokenRequests(desk)).toBe(before);
    });

    it('is warned of where a sign-in of the plan does it', async () => {
      await desk.exchange();
      await desk.exchange({ user: 'qa@example.org' });
      const ran = await run(
        [
          '  - sign_in: {user: newcomer@example.com}\n    revoke: true',
          '  - sign_in: {user: TESTER@example.com}\n    revoke: true',
          '  - account: qa@example.org\n    revoke: true',
        ].join('\n'),
        ['--yes'],
      );
      expect(ran.json()).toMatchObject({
        outcome: 'pass',
        warnings: [
          {
            code: 'stored_account_revoked',
            message: expect.stringContaining('this stored account: tester@example.com.'),
          },
        ],
      });
    });

    it('is done with --yes', async () => {
      await desk.exchange();
      const ran = await run(flows, ['--yes']);
      expect(outcomes(ran)).toEqual(['tester@example.com: pass']);
      expect(liveRefreshTokens(desk)).toEqual([]);
      expect((await desk.run(['accounts', '--json'])).json()).toEqual({ accounts: [] });
    });
  });

  describe('Ctrl-C', () => {
    it('ends it with 130: no report, no fault left, no flow under way', async () => {
      const controller = new AbortController();
      const report = join(dirname(desk.clientFile), 'report.xml');
      const { fetch, state } = watched((url) => url.endsWith('/token') && controller.abort());
      const ran = await run(
        '  - sign_in: {faults: ["no-id-token:times=always"]}\n    repeat: 3',
        ['--report', `junit=${report}`],
        { fetch, signal: controller.signal },
      );
      expectFailure(ran, 'cancelled');
      expect(existsSync(report)).toBe(false);
      expect(desk.emulator.faults.active).toEqual([]);
      expect(state.now).toBe(0);
    });

    it('waits for what is under way', async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const { fetch, state } = watched(async (url, now) => {
        if (url.endsWith('/token') && now === 4) controller.abort();
        // A connection that takes its time to notice; the first to arrive takes least.
        for (let turn = state.now; turn > 0; turn -= 1) await new Promise(setImmediate);
      });
      const ran = await run('  - sign_in: {}\n    repeat: 4', [], { fetch, signal });
      expectFailure(ran, 'cancelled');
      expect(state.now).toBe(0);
    });
  });

  describe('a call', () => {
    it('takes the plan from stdin, with paths from the current folder', async () => {
      const stdin = `version: 1\nclient: ${JSON.stringify(desk.clientFile)}\nflows: [{sign_in: {}}]`;
      const ran = await desk.run(['verify', '--plan', '-', '--json'], {
        stdin,
        env: { GSAC_CLIENT: undefined },
      });
      expect(ran.json()).toMatchObject({ plan: 'stdin', outcome: 'pass' });
    });

    it.each([
      { argv: ['--plan', 'x', '--code', '4/0Aabc'], says: '--code does not go with --plan.' },
      {
        argv: ['--plan', 'x', '--no-extra-scopes'],
        says: '--no-extra-scopes does not go with --plan.',
      },
      { argv: ['--plan', 'x', '--account', 'a'], says: '--account does not go with --plan.' },
      { argv: ['--concurrency', '4'], says: '--concurrency goes with --plan.' },
      {
        argv: ['--plan', 'x', '--concurrency', '65'],
        says: '--concurrency "65" is not a whole number from 1 to 64.',
      },
      { argv: ['--plan', '/nowhere/plan.yaml'], says: '/nowhere/plan.yaml does not exist.' },
    ])('of $argv is refused', async ({ argv, says }) => {
      const error = expectFailure(await desk.run(['verify', ...argv, '--json']), 'usage');
      expect(error.message).toBe(says);
    });
  });
});
