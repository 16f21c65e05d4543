import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, useDesk } from '../support/run.js';
import { expectFailure } from './support.js';

const appData = 'https://www.googleapis.com/auth/drive.appdata';

/** What cannot be held to anything where openid was not granted. */
const identity = [
  ...['--expect-email', 'tester@example.com', '--expect-sub', '104729361850274916385'],
  '--require-email-verified',
];

describe('reports of gsac verify', () => {
  const desk = useDesk();
  /** For the reports, empty at first. */
  let folder: string;
  beforeEach(() => {
    folder = join(dirname(desk.clientFile), 'reports');
    mkdirSync(folder);
  });

  const at = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(at(name), 'utf8');
  const plan = (flows: string) =>
    desk.file('plan.yaml', `version: 1\nclient: client_secret_test.json\nflows:\n${flows}`);

  /** One flow, and a plan of one flow, by what begins them; both revoke in the end. */
  const calls: readonly (readonly [string, () => string[]])[] = [
    ['a flow', () => ['verify', '--code', desk.code(), '--revoke']],
    ['a plan', () => ['verify', '--plan', plan('  - sign_in: {}\n    revoke: true')]],
  ];

  describe('name what could not run', () => {
    it('as wrong, in the sum and in what CI systems read', async () => {
      const ran = await desk.run([
        ...['verify', '--code', desk.code({ scopes: [appData] }), ...identity],
        ...['--report', `junit=${at('x.xml')}`, '--report', `tap=${at('x.tap')}`],
        ...['--report', `html=${at('x.html')}`],
      ]);
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toMatch(/^15 passed, 0 failed, 2 could not run \(/m);
      expect(ran.stdout).toContain(
        '  ✗ id_token.email_verified could not run: no ID token came.\n' +
          '  ✗ identity.email could not run: nothing in the responses names the person.\n',
      );
      expect(read('x.xml')).toMatch(/<testsuites [^>]* failures="0" errors="2"/);
      expect(
        read('x.xml').match(/<error type="could_not_run" message="could not run: /g),
      ).toHaveLength(2);
      expect(read('x.tap').match(/^not ok .*/gm)).toEqual([
        expect.stringContaining('id_token.email_verified'),
        expect.stringContaining('identity.email'),
      ]);
      expect(read('x.html')).toContain('✕ not run');
    });

    it('and nothing of a flow that is right without an ID token', async () => {
      const ran = await desk.run([
        ...['verify', '--code', desk.code({ scopes: [appData] })],
        ...['--report', `junit=${at('x.xml')}`],
      ]);
      expect(ran.stdout).toMatch(/^14 passed, 0 failed \(/m);
      expect(ran.exitCode).toBe(0);
      expect(read('x.xml')).toContain('failures="0" errors="0"');
    });

    it('in a plan: as wrong, but behind a failure that was expected', async () => {
      const flows = [
        '  - name: nobody to look at',
        `    sign_in: {scopes: drive.appdata}`,
        '    expect: {email: tester@example.com}',
        '  - name: refused',
        '    sign_in: {user: qa@example.org, faults: [expired-code]}',
        '    expect: {failure: {check: code.exchange}}',
      ].join('\n');
      const ran = await desk.run([
        ...['verify', '--plan', plan(flows)],
        ...['--report', `junit=${at('x.xml')}`, '--report', `tap=${at('x.tap')}`],
      ]);
      expect(ran.stdout).toContain(
        '✗ nobody to look at\n  ✗ identity.email could not run: nothing in the responses names the person.\n✓ refused',
      );
      expect(ran.exitCode).toBe(6);
      const [, wrong = '', right = ''] = read('x.xml').split('<testsuite ');
      expect(wrong).toContain('failures="0" errors="1"');
      expect(right).toContain('failures="0" errors="0"');
      expect(right).toContain('<skipped type="blocked"');
      expect(read('x.tap').match(/^ *not ok .*/gm)).toEqual([
        expect.stringMatching(/^ {4}not ok \d+ - identity\.email/),
        'not ok 1 - nobody to look at',
      ]);
    });
  });

  describe.each(calls)('of %s', (_what, begin) => {
    it.each([
      ['a folder that is not there', () => [`junit=${at('no/x.xml')}`], 'no such file or folder'],
      ['a folder', () => [`junit=${folder}`], 'it is a folder'],
      ['a folder yet to be made', () => [`junit=${at('new')}/`], 'no such file or folder'],
      ['a file as folder', () => [`junit=${desk.clientFile}/x.xml`], 'not a folder'],
    ])('are refused for %s, before anything is sent', async (_where, targets, words) => {
      const argv = begin();
      const report = targets().flatMap((target) => ['--report', target]);
      for (const flags of [report, ['--har', report[1]?.slice('junit='.length) ?? '']]) {
        const error = expectFailure(await desk.run([...argv, '--json', ...flags]), 'usage');
        expect(error.message).toContain(words);
      }
      expect(desk.emulator.requests.count()).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    });

    it('are refused without a name', async () => {
      expectFailure(await desk.run([...begin(), '--json', '--har', '']), 'usage');
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it.skipIf(process.platform !== 'linux')('are refused where no folder can be', async () => {
      const ran = await desk.run([...begin(), '--json', '--report', 'tap=/proc/x.tap']);
      expectFailure(ran, 'usage');
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it.each([
      ['of one name', () => ['--report', `tap=${at('x')}`, '--report', `junit=${at('x')}`]],
      ['written in two ways', () => ['--report', `tap=${at('x')}`, '--har', `${folder}/./x`]],
      [
        'behind links',
        () => {
          symlinkSync(folder, at('link'));
          return ['--report', `tap=${at('x')}`, '--report', `json=${at('link/x')}`];
        },
      ],
      [
        'that are one link and where it leads',
        () => {
          symlinkSync(at('x'), at('link'));
          return ['--har', at('link'), '--report', `html=${at('x')}`];
        },
      ],
    ])('are refused for two files %s', async (_how, flags) => {
      const error = expectFailure(await desk.run([...begin(), '--json', ...flags()]), 'usage');
      expect(error.message).toContain('one file');
      expect(desk.emulator.requests.count()).toBe(0);
      expect(existsSync(at('x'))).toBe(false);
    });

    it.each([
      ['a report to -', ['--report', 'tap=-'], /^TAP version 13\n/],
      ['HAR to -', ['--har', '-'], /^\{\n {2}"log": \{\n {4}"version": "1\.2"/],
    ])('go to stdout: %s', async (_what2, flags, beginning) => {
      const ran = await desk.run([...begin(), ...flags]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ran.stdout).toMatch(beginning);
      expect(ran.stdout).not.toContain('passed');
      expect(existsSync('-')).toBe(false);
    });

    it.each([
      [['--report', 'tap=-', '--report', 'junit']],
      [['--report', 'tap=-', '--har', '-']],
      [['--har', '-', '--json']],
    ])('share no stdout: %j', async (flags) => {
      const ran = await desk.run([...begin(), ...flags]);
      expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ran.stderr).toContain('Two documents cannot share stdout.');
      expect(desk.emulator.requests.count()).toBe(0);
    });

    /** The network, with the folder gone once something is sent. */
    const takingTheFolder = (): Fetch => {
      const ask = emulatorFetch(desk.emulator);
      return async (url, init) => {
        rmSync(folder, { recursive: true, force: true });
        return ask(url, init);
      };
    };

    it('cost no result where they cannot be written after all', async () => {
      const flags = ['--report', `tap=${at('x.tap')}`];
      const ran = await desk.run([...begin(), ...flags], { fetch: takingTheFolder() });
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toMatch(/passed/);
      expect(ran.stderr).toContain(`gsac could not write --report tap=${at('x.tap')} (ENOENT).`);
      expect(ran.stderr).toContain('Every check passed');
      expect(existsSync(folder)).toBe(false);
    });

    it('are missed in the document of --json, too', async () => {
      const flags = ['--json', '--har', at('x.har')];
      const ran = await desk.run([...begin(), ...flags], { fetch: takingTheFolder() });
      expect(ran).toMatchObject({ exitCode: 6, stderr: '' });
      expect(ran.json()).toMatchObject({
        outcome: 'pass',
        warnings: [{ code: 'output_failed', message: expect.stringContaining('(ENOENT)') }],
      });
    });
  });

  it('leave what is there alone until they are written, and nothing beside it', async () => {
    const old = join('reports', 'old.xml');
    desk.file(old, 'old');
    const { ino, mtimeMs } = statSync(at('old.xml'));
    const flags = ['--report', `junit=${at('old.xml')}`, '--report', `tap=${at('new.tap')}`];
    const ran = await desk.run(['verify', '--code', '1//0gNoCodeAtAll', '--json', ...flags]);
    expect(ran.exitCode).toBe(2);
    expect(readdirSync(folder)).toEqual(['old.xml']);
    expect(statSync(at('old.xml'))).toMatchObject({ ino, mtimeMs });
    expect(read('old.xml')).toBe('old');

    const written = await desk.run(['verify', '--code', desk.code(), '--report', 'tap', ...flags]);
    expect(written.exitCode).toBe(0);
    expect(written.stderr).toBe(
      `gsac: JUnit report: ${at('old.xml')}\ngsac: TAP report: ${at('new.tap')}\n`,
    );
    expect(written.stdout).toMatch(/^TAP version 13\n/);
    const quiet = await desk.run(['verify', '--code', desk.code(), '--quiet', ...flags]);
    expect(quiet).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readdirSync(folder).sort()).toEqual(['new.tap', 'old.xml']);
    expect(read('old.xml')).toContain('<testsuites');
    if (process.platform !== 'win32') expect(statSync(at('new.tap')).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')('wait for no reader of a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const flags = ['--report', `junit=${at('pipe')}`, '--report', 'tap=/dev/null'];
    const ran = await desk.run(['verify', '--code', '1//0gNoCodeAtAll', '--json', ...flags]);
    expect(ran.exitCode).toBe(2);
    expect(statSync(at('pipe')).isFIFO()).toBe(true);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('show no secret of the flow, whatever it looks like and wherever the server repeats it', async () => {
    const [access, refresh] = ['plainaccess0123456789QWERTY', 'plainrefresh9876543210ZXCV'];
    const ask = emulatorFetch(desk.emulator);
    let real = { access_token: '', refresh_token: '' };
    // A provider whose tokens have no shape of their own, and that repeats them.
    const fetch: Fetch = async (url, init) => {
      const swap = (text: string) =>
        text.replaceAll(access, real.access_token).replaceAll(refresh, real.refresh_token);
      const headers = Object.fromEntries(
        Object.entries(init.headers).map(([name, value]) => [name, swap(value)]),
      );
      const body = init.body === undefined ? {} : { body: swap(init.body) };
      const { signal, method } = init;
      const answer = await ask(url, { signal, method, headers, ...body });
      const text = await (answer as Response).text();
      if (url.endsWith('/token')) {
        real = { ...real, ...JSON.parse(text) };
        const changed = { ...JSON.parse(text), access_token: access };
        const whole = 'refresh_token' in changed ? { ...changed, refresh_token: refresh } : changed;
        return Response.json(whole);
      }
      if (url.endsWith('/tokeninfo')) {
        return Response.json({ ...JSON.parse(text), aud: `x ${access}`, sub: refresh });
      }
      if (url.includes('/drive/')) {
        const message = `bad ${access} and ${refresh}`;
        return Response.json({ error: { code: 403, message } }, { status: 403 });
      }
      return new Response(text, { status: answer.status });
    };
    const formats = ['tap', 'junit', 'html', 'json'];
    const flags = formats.flatMap((format) => ['--report', `${format}=${at(format)}`]);
    const code = desk.code();
    const ran = await desk.run(['verify', '--code', code, ...flags, '--har', at('flow.har')], {
      fetch,
    });
    expect(ran.exitCode, ran.stderr).toBe(6);
    expect(ran.stdout).toContain('✗ tokeninfo.audience');
    expect(ran.stdout).toContain('✗ appfolder.read');
    const written = readdirSync(folder).map((name) => read(name));
    expect(written).toHaveLength(5);
    for (const text of [ran.stdout, ran.stderr, ...written]) {
      const secrets = [access, refresh, code, desk.emulator.clientFile().web.client_secret];
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/eyJ[\w-]{20}/);
    }
  });
});
