import { describe, expect, it } from 'vitest';
import { type Ran, useDesk } from '../support/run.js';

const widths = Array.from({ length: 71 }, (_each, at) => 50 + at);

/** Lines that are too wide although they could have been broken: at a blank that is in no command. */
function tooWide({ stdout, stderr }: Ran, columns: number): string[] {
  // The line of progress replaces itself.
  const lines = `${stdout}${stderr}`.split('\n').map((line) => line.split('\u001B[K').at(-1) ?? '');
  return lines.filter((line) => {
    if (line.length <= columns) return false;
    const words = line.replace(/`[^`]*`/g, (command) => command.replaceAll(' ', '_')).trim();
    const label = /^([✓✗!-] +)?(gsac: {3,}|gsac:( \w+:)? |[\w-]+ {2,}|fix: |at )?/;
    return words.replace(label, '').includes(' ');
  });
}

describe('In a terminal of 50 to 120 columns', () => {
  const desk = useDesk();

  /** Runs it at every width, and holds each line to it. */
  async function expectFits(
    argv: readonly string[],
    exitCode: number,
    among = widths,
  ): Promise<void> {
    for (const columns of among) {
      const ran = await desk.run([...argv, '--no-color', '--no-input'], { tty: true, columns });
      expect(ran.exitCode).toBe(exitCode);
      expect(tooWide(ran, columns), `${argv.join(' ')} at ${columns}`).toEqual([]);
    }
  }

  it('status, accounts, files and refresh --all fit', async () => {
    desk.emulator.inject({ name: 'expiring-grant' });
    await desk.exchange();
    await desk.exchange({ user: 'newcomer@example.com', scopes: ['openid', 'email'] });
    await desk.exchange({ user: 'qa@example.org' });
    desk.emulator.inject({ name: 'dead-refresh-token', user: 'qa@example.org', times: 'always' });
    desk.now += 6 * 86_400_000;
    await desk.run(['refresh', '--all']);
    await expectFits(['refresh', '--all'], 6);
    await expectFits(['status'], 6);
    await expectFits(['accounts'], 0);
    await expectFits(['files', '-a', 'tester@example.com'], 0);
    await expectFits(['doctor'], 0);
  });

  it('claims, exchange and verify fit', async () => {
    const some = widths.filter((_columns, at) => at % 14 === 0);
    for (const columns of some) {
      await expectFits(['exchange', desk.code()], 0, [columns]);
      await expectFits(['verify', '--code', desk.code()], 0, [columns]);
      await expectFits(['verify', '--code', desk.code(), '--expect-sub', '1'], 6, [columns]);
    }
    await expectFits(['claims'], 0, some);
  });

  it.each<[string, string[], number]>([
    ['a code that is none', ['exchange', `4/0A${'d'.repeat(73)}`], 4],
    ['an unknown account', ['token', '-a', 'nobody@example.com'], 4],
    ['a wrong flag', ['token', '--min-ttl', '99d'], 2],
    ['an unknown command', ['logout'], 2],
    [
      'a client without a secret',
      ['exchange', '--client-id', '1-a.apps.googleusercontent.com', `4/0A${'c'.repeat(73)}`],
      2,
    ],
  ])('the error of %s fits', async (_name, argv, exitCode) => {
    const some = widths.filter((_columns, at) => at % 7 === 0);
    await expectFits(argv, exitCode, some);
  });

  it('a sentence stays on one line where nobody looks', async () => {
    const { stderr } = await desk.run(['token', '--min-ttl', '99d'], { columns: 50 });
    expect(stderr.split('\n')).toHaveLength(3);
  });

  it('a command to copy is not broken', async () => {
    const ran = await desk.run(['logout'], { tty: true, columns: 50, env: { NO_COLOR: '1' } });
    for (const command of ['`gsac revoke`', '`gsac accounts remove`']) {
      expect(ran.stderr).toContain(command);
    }
  });
});

describe('An error', () => {
  const desk = useDesk();
  const sentences = (text: string) => text.split(/\s+/).join(' ');

  it('of a code that was exchanged says each thing once, the evidence with --verbose', async () => {
    const code = desk.code();
    await desk.run(['exchange', code]);
    const ran = await desk.run(['exchange', code]);
    expect(ran.exitCode).toBe(4);
    expect(sentences(ran.stderr).match(/[Ss]ign in again/g)).toHaveLength(1);
    expect(ran.stderr).toContain('certain cause: code-already-redeemed');
    expect(ran.stderr).not.toContain('evidence:');
    const verbose = await desk.run(['exchange', code, '--verbose']);
    expect(verbose.stderr).toContain('evidence:');
    expect(verbose.stderr).toContain('why:');
  });

  it('of a service account’s key says what it is once', async () => {
    const key = { type: 'service_account', private_key: 'x', client_email: 'a@example.com' };
    const file = desk.file('sa.json', JSON.stringify(key));
    const ran = await desk.run(['exchange', '--client', file, desk.code()]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(2);
    const json = await desk.run(['exchange', '--client', file, desk.code(), '--json']);
    expect(json.error()).toMatchObject({ diagnosis: [{ cause: 'service-account-json-given' }] });
  });

  it('of Optional("...") is of what stands in it', async () => {
    const ran = await desk.run(['exchange', 'Optional("...")', '--json']);
    expect(ran.exitCode).toBe(2);
    const { message, diagnosis } = ran.error();
    expect(message).toContain('placeholder');
    expect(JSON.stringify(diagnosis)).not.toContain('optional-debug-string');
  });
});
