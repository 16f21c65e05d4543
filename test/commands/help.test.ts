import { describe, expect, it } from 'vitest';
import { readDuration } from '../../src/cli/flags.js';
import { relativeTime, shortRelativeTime } from '../../src/core/times.js';
import { useDesk } from '../support/run.js';
import { expectFailure } from './support.js';

const commands = [
  ...['exchange', 'login', 'listen', 'token', 'exec', 'serve', 'export', 'files', 'api'],
  ...['status', 'claims'],
  ...['refresh', 'accounts', 'revoke', 'explain', 'watch', 'check', 'doctor', 'verify', 'emulator'],
];
const subcommands = ['files list', 'files get', 'accounts use', 'emulator start', 'completion'];

/** A command to copy and a single word may be longer than the line. */
function tooLong(text: string, columns: number): string[] {
  return text
    .split('\n')
    .filter((line) => line.length > columns)
    .filter((line) => !/^ +(\$|#|- ) |^ {4,}/.test(line) && line.trim().includes(' '));
}

describe('The help', () => {
  const desk = useDesk();
  const helpOf = async (argv: readonly string[], columns = 80) =>
    (await desk.run(argv, { columns })).stdout;

  it('of gsac fits a screen of 40 lines, in five groups with three examples', async () => {
    const help = await helpOf(['--help']);
    const lines = help.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => /^[A-Z]+$/.test(line))).toEqual([
      'START',
      'USE',
      'INSPECT',
      'DIAGNOSE',
      'TEST',
    ]);
    expect(lines.flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.[1] ?? [])).toEqual(commands);
    expect(help.match(/^ {2}\$ gsac /gm)).toHaveLength(3);
    expect(help).toContain('`gsac help options`');
  });

  it.each([...commands, ...subcommands])('of %s: usage, example, its own options', async (name) => {
    const argv = [...name.split(' '), '--help'];
    const help = await helpOf(argv);
    const at = (part: RegExp) => help.search(part);
    expect(at(/^Usage: /)).toBe(0);
    expect(at(/^Examples?:$/m)).toBeGreaterThan(0);
    expect(at(/^Examples?:$/m)).toBeLessThan(at(/^Options:$/m));
    expect(help).not.toMatch(/--show-secrets {2}|display help/);
    for (const columns of [50, 64, 80]) {
      expect(tooLong(await helpOf(argv, columns), columns)).toEqual([]);
    }
  });

  it('of gsac is wrapped to a narrow terminal', async () => {
    for (let columns = 50; columns <= 120; columns += 1) {
      expect(tooLong(await helpOf(['--help'], columns), columns)).toEqual([]);
    }
  });

  it('of a group has the options of its default, which its example uses', async () => {
    const help = await helpOf(['files', '--help']);
    const used = help.match(/--[a-z-]+(?= )/g) ?? [];
    expect(used).toContain('--order-by');
    for (const flag of used) expect(help).toMatch(new RegExp(`^ {2}(-\\w, )?${flag}\\b`, 'm'));
  });
});

describe('What does not exist', () => {
  const desk = useDesk();

  it.each<[string, RegExp]>([
    ['list', /`gsac accounts` or `gsac files`/],
    ['ls', /`gsac accounts` or `gsac files`/],
    ['version', /`gsac --version`/],
    ['-v', /`gsac --version`/],
    ['config', /`gsac help options`/],
    ['whoami', /`gsac claims` or `gsac accounts`/],
    ['auth', /`gsac login`/],
    ['logout', /`gsac revoke` or `gsac accounts remove`/],
    ['emulatr', /Did you mean emulator\?/],
    ['files rm', /`gsac files delete`/],
    ['accounts lst', /Did you mean list\?/],
    ['token --output json', /--json/],
    ['token -o json', /--json/],
    ['token --format json', /--json/],
    ['claims --format json', /--json/],
    ['token --formt env', /Did you mean --format\?/],
    ['token --client-secret x', /GSAC_CLIENT_SECRET/],
    ['token --user x', /--account/],
    ['token --accout x', /--account/],
    ['zzzzzz', /^See `gsac --help`\.$|^`gsac --help`/],
  ])('gsac %s: the hint names what does', async (words, hint) => {
    const ran = await desk.run([...words.split(' '), '--json']);
    expect(expectFailure(ran, 'usage').hint).toMatch(hint);
  });

  it.each(['--timeout', '--store'])(
    '%s without a value: the help of the global options',
    async (flag) => {
      for (const argv of [
        ['token', '--json', flag],
        ['--json', 'token', flag],
      ]) {
        expect(expectFailure(await desk.run(argv), 'usage').hint).toBe('See `gsac help options`.');
      }
      const empty = await desk.run(['token', '--json', '--account', '']);
      expect(expectFailure(empty, 'usage').hint).toBe('See `gsac help options`.');
    },
  );
});

describe('A length of time', () => {
  const desk = useDesk();

  it.each<[string, number]>([
    ['30', 30_000],
    ['0.5', 500],
    ['0', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['1d12h', 129_600_000],
    ['1.001', 1_001],
  ])('%s is read', (text, milliseconds) => {
    expect(readDuration(text, '--x')).toBe(milliseconds);
  });

  it.each(['', 's', '1d12', '12 30', '5x', '-1', '1e3', '.5', '3651d', '１'])(
    '%j is refused',
    (text) => {
      expect(() => readDuration(text, '--x')).toThrow(/--x .* from 0 to 3650d/);
    },
  );

  it.each([
    ['token', '--min-ttl'],
    ['token', '--timeout'],
    ['exec', '--min-ttl'],
    ['serve', '--min-ttl', '--metadata'],
    ['claims', '--clock-tolerance'],
    ['verify', '--clock-tolerance'],
    ['status', '--fail-within'],
    ['login', '--wait', '--port', 'x'],
  ])('gsac %s %s takes the one syntax', async (command, flag, ...others) => {
    for (const value of ['30', '30s', '5m', '0.5h']) {
      const behind = command === 'exec' ? ['--', 'true'] : [];
      const argv = [command, flag, value, '--json', '--no-input', ...others, ...behind];
      const ran = await desk.run(argv);
      // No account is stored, or another flag is wrong: this one was read.
      expect(ran.stderr, value).not.toContain(flag);
    }
    const ran = await desk.run([
      command,
      flag,
      '5x',
      ...others,
      '--json',
      ...(command === 'exec' ? ['--', 'true'] : []),
    ]);
    expect(expectFailure(ran, 'usage').hint).toContain('30, 30s, 5m, 2h or 1d');
  });

  it.each<[number, string, string]>([
    [3_599, 'in 1 hour', 'in 1h'],
    [3_500, 'in 58 minutes', 'in 58m'],
    [1, 'in 1 second', 'in 1s'],
    [-1, '1 second ago', '1s ago'],
    [-13, '13 seconds ago', '13s ago'],
    [-58, '58 seconds ago', '58s ago'],
    [-59, '1 minute ago', '1m ago'],
    [-5_399, '1 hour ago', '1h ago'],
    [604_799, 'in 7 days', 'in 7d'],
    [0, 'just now', 'now'],
  ])('of %d seconds is told as %s', (seconds, words, short) => {
    expect(relativeTime(seconds * 1000, 0)).toBe(words);
    expect(shortRelativeTime(seconds * 1000, 0)).toBe(short);
  });
});

describe('--quiet', () => {
  const desk = useDesk();

  it('leaves out what only confirms, on stdout and stderr', async () => {
    await desk.exchange();
    const file = desk.file('a.txt', 'x');
    for (const argv of [
      ['refresh'],
      ['refresh', '--all'],
      ['accounts', 'use', 'tester@example.com'],
      ['files', 'put', file],
      ['files', 'get', 'a.txt', '-o', `${file}.copy`],
      ['files', 'delete', 'a.txt', '--yes'],
      ['revoke', '--yes'],
    ]) {
      const ran = await desk.run([...argv, '--quiet']);
      expect(ran, argv.join(' ')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    }
  });

  it('still tells of an account that fails', async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
    desk.emulator.inject({ name: 'dead-refresh-token', user: 'qa@example.org', times: 'always' });
    const ran = await desk.run(['refresh', '--all', '--quiet']);
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toMatch(/^✗ qa@example\.org: /);
    expect(ran.stdout).not.toContain('✓');
  });
});
