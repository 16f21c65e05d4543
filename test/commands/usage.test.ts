import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../support/run.js';
import { expectFailure, expectHumanFailure } from './support.js';

const code = `4/0A${'c'.repeat(73)}`;
const commands = [
  ['exchange'],
  ['login'],
  ['completion'],
  ['token'],
  ['refresh'],
  ['claims'],
  ['files'],
  ['files', 'list'],
  ['files', 'info'],
  ['accounts'],
  ['accounts', 'list'],
  ['accounts', 'use'],
  ['accounts', 'remove'],
  ['accounts', 'import'],
  ['revoke'],
  ['emulator'],
  ['emulator', 'start'],
  ['emulator', 'sign-in'],
];

describe('The command line', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = createDesk();
  });
  afterEach(() => {
    expect(desk.emulator.requests.count()).toBe(0);
    desk.dispose();
  });

  it('prints its help and its version on stdout: 0', async () => {
    for (const argv of [['--help'], ['-h'], ['help'], []]) {
      const ran = await desk.run(argv);
      expect(ran, argv.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ran.stdout).toMatch(/^Usage: gsac /m);
      for (const [name = ''] of commands)
        expect(ran.stdout).toMatch(new RegExp(`^ {2}${name}\\b|gsac ${name}`, 'm'));
    }
    for (const flag of ['--version', '-V']) {
      expect(await desk.run([flag])).toMatchObject({
        exitCode: 0,
        stdout: '0.0.0-test\n',
        stderr: '',
      });
    }
  });

  it.each(commands.map((command) => [command.join(' '), command]))(
    'helps with %s, with an example and where the global options are',
    async (name, command) => {
      for (const argv of [
        [...command, '--help'],
        [...command, '-h'],
        ['help', ...command],
      ]) {
        const ran = await desk.run(argv);
        expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
        expect(ran.stdout).toMatch(new RegExp(`^Usage: gsac ${name}\\b`));
        expect(ran.stdout).toContain('Example:\n  $ ');
        expect(ran.stdout).toMatch(/`gsac help options`\.\n$/);
      }
    },
  );

  it.each(['accounts', 'emulator', 'files'])('helps with gsac %s help', async (group) => {
    const { stdout } = await desk.run([group, '--help']);
    const ran = await desk.run([group, 'help']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '', stdout });
  });

  it.each<[string[], RegExp]>([
    [['exchnge'], /exchnge/],
    [['files', 'lst'], /lst/],
    [['accounts', 'bogus'], /bogus/],
    [['emulator', 'bogus'], /gsac emulator has no command "bogus"/],
    [['emulator'], /start or sign-in/],
    [['help', 'bogus'], /no such command/],
    [['token', '--bogus'], /--bogus/],
    [['token', 'extra'], /gsac token does not take "extra"/],
    [['exchange', code, 'extra'], /gsac exchange does not take "extra"/],
    [['exchange', code, '--source', 'web'], /ios, android, web-popup, web-redirect/],
    [['exchange', code, '--redirect-uri'], /--redirect-uri/],
    [['accounts', 'use'], /account/],
    [['accounts', 'import'], /file/],
    [['token', '--account', ''], /--account is empty/],
    [['token', '--client', ''], /--client is empty/],
    [['token', '--store', 'vault'], /keychain|vault/],
    [['token', '--timeout', '0'], /--timeout/],
    [['token', '--timeout', '-3'], /--timeout/],
    [['token', '--timeout', '1e3'], /--timeout/],
    [['token', '--timeout', '3601'], /0\.001s to 1h/],
    [['token', '--timeout', 'Infinity'], /--timeout/],
    [['token', '--min-ttl', 'x'], /--min-ttl/],
    [['token', '--min-ttl', '86401'], /0 to 1d/],
    [['emulator', 'start', '--port', '65536'], /--port/],
    [['emulator', 'start', '--port', 'http'], /--port/],
    [['emulator', 'start', '--files', '-1'], /--files/],
    [['emulator', 'sign-in', '--source', 'fax'], /ios/],
  ])('%j is 2, with its own sentence', async (argv, said) => {
    const error = expectFailure(await desk.run([...argv, '--json']), 'usage');
    expect(`${error.message} ${error.hint}`).toMatch(said);
    expectHumanFailure(await desk.run(argv), 'usage');
  });

  it.each<[string[], string]>([
    [['token', '--bogus'], 'gsac token'],
    [['token', '--min-ttl'], 'gsac token'],
    [['token', '--format'], 'gsac token'],
    [['--json', 'emulator', 'start', '--port', 'http'], 'gsac emulator start'],
    [['files', 'get'], 'gsac files get'],
    [['files', '--bogus'], 'gsac files list'],
  ])('%j: the help that it points to is that of %s', async (argv, path) => {
    const { hint } = expectFailure(await desk.run([...argv, '--json']), 'usage');
    expect(hint).toBe(`See \`${path} --help\`.`);
  });

  it.each([
    [['exec', 'ls', '-la']],
    [['exec', 'ls', '--format', 'x']],
    [['exec', '--bogus', 'ls']],
  ])('%j: the command stands behind --', async (argv) => {
    const error = expectFailure(await desk.run([...argv, '--json']), 'usage');
    expect(error.message).toMatch(/^Unknown option '-/);
    expect(error.hint).toContain('`gsac exec -- <command> [args…]`');
    const behind = await desk.run(['exec', '--bogus', '--json', '--', 'ls']);
    expect(expectFailure(behind, 'usage').hint).toBe('See `gsac exec --help`.');
  });

  it('suggests what was probably meant', async () => {
    const ran = await desk.run(['exchnge']);
    expect(ran.stderr).toContain('Did you mean exchange?');
    expect((await desk.run(['accounts', 'lsit'])).stderr).toContain('Did you mean list?');
    expect((await desk.run(['zzz'])).stderr).not.toContain('Did you mean');
    expect((await desk.run(['token', '--formt', 'env'])).stderr).toContain('--format');
  });

  it.each([
    [[code]],
    [['token', code]],
    [['token', '-a', `ya29.${'x'.repeat(40)}`]],
    [['exchange', '--source', code]],
    [['exchange', code, '--client', `GOCSPX-${'x'.repeat(28)}`]],
    [['accounts', 'import', `1//0${'x'.repeat(60)}`]],
    [['accounts', 'use', `1//0${'x'.repeat(60)}`]],
    [['token', '--client-secret=plain-old-xxxxxxxxxx']],
    [['token', '--store', code]],
    [['token', '--min-ttl', code]],
  ])('does not repeat a secret that was given where none goes: %j', async (argv) => {
    for (const flags of [[], ['--json']]) {
      const ran = await desk.run([...argv, ...flags]);
      expect(ran.exitCode).not.toBe(0);
      expect(ran.stdout + ran.stderr).not.toMatch(/c{20}|x{10}/);
    }
  });

  it('takes global options before and after the command', async () => {
    for (const argv of [
      ['--json', 'accounts'],
      ['accounts', '--json'],
      ['accounts', 'list', '--json'],
      ['--json', 'accounts', 'list'],
    ]) {
      expect((await desk.run(argv)).json()).toEqual({ accounts: [] });
    }
  });

  it('reads flags before variables, and takes empty variables for unset', async () => {
    const env = { GSAC_STORE: 'vault', GSAC_ACCOUNT: '', GSAC_CLIENT_ID: '' };
    expectFailure(await desk.run(['accounts', '--json'], { env }), 'usage');
    const ran = await desk.run(['accounts', '--json', '--store', 'file'], { env });
    expect(ran.exitCode).toBe(0);
  });

  it('colours a terminal alone, and as NO_COLOR, FORCE_COLOR and --no-color say', async () => {
    const failing = (options: Parameters<Desk['run']>[1], ...flags: string[]) =>
      desk.run(['token', ...flags], options).then(({ stderr }) => stderr.includes('\u001b['));
    expect(await failing({ tty: true })).toBe(true);
    expect(await failing({ tty: false })).toBe(false);
    expect(await failing({ tty: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await failing({ tty: true, env: { NO_COLOR: '' } })).toBe(true);
    expect(await failing({ tty: true, env: { TERM: 'dumb' } })).toBe(false);
    expect(await failing({ tty: true }, '--no-color')).toBe(false);
    expect(await failing({ tty: false, env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await failing({ tty: true, env: { FORCE_COLOR: '0' } })).toBe(false);
  });

  it('prints a stack with --debug alone', async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async function* stdin(): AsyncGenerator<Uint8Array> {
      throw new RangeError('a bug');
    }
    const argv = ['exchange', '-'];
    const plain = await desk.run(argv, { stdin: stdin() });
    expect(plain.exitCode).toBe(1);
    expect(plain.stderr).not.toMatch(/\n +at /);
    const debug = await desk.run([...argv, '--debug'], { stdin: stdin() });
    expect(debug.stderr).toMatch(/\n +at /);
    const json = await desk.run([...argv, '--json'], { stdin: stdin() });
    expect(json.error()).not.toHaveProperty('stack');
  });
});
