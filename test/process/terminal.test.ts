import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSandbox, openBox, openSignedIn } from '../support/process.js';
import { describeWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is steered with
const controls = /\u001B\[[0-9;?]*[A-Za-z]|[\r\u0007]/g;

describeWith('a terminal', 'the installed gsac, in a terminal', () => {
  it('asks for the code and shows nothing of it', async () => {
    const { box, emulator } = await openBox();
    const code = await emulator.code();
    const terminal = openTerminal(box, 'gsac exchange');
    await terminal.shows('Server auth code:');
    terminal.type(code);
    await terminal.shows('***');
    terminal.type('\r');
    expect(await terminal.ended()).toBe(0);
    const seen = terminal.screen.replace(controls, '');
    expect(seen).toMatch(/refresh token +stored in the encrypted file store/);
    for (let at = 0; at + 4 <= code.length; at += 1) {
      expect(seen).not.toContain(code.slice(at, at + 4));
    }
    expect(await emulator.count('/token')).toBe(1);
  });

  it('asks on stderr, while stdout is a pipe', async () => {
    const { box, emulator } = await openBox();
    const terminal = openTerminal(box, 'gsac exchange --json | cat > out.json');
    await terminal.shows('Server auth code:');
    terminal.type(`${await emulator.code()}\r`);
    expect(await terminal.ended()).toBe(0);
    const out = readFileSync(join(box.folder, 'out.json'), 'utf8');
    expect(JSON.parse(out)).toMatchObject({ refresh_token: { status: 'stored' } });
    expect(out).not.toContain('Server auth code');
    expect(out).not.toContain('\u001B');
  });

  it('takes one whose size nobody has set for 80 columns wide', async () => {
    const box = await createSandbox();
    const countLines = async (columns: number) => {
      const terminal = openTerminal(box, `stty cols ${columns}; gsac explain invalid_grant`);
      expect(await terminal.ended()).toBe(6);
      return terminal.screen.replace(controls, '').split('\n').length;
    };
    const lines = await countLines(80);
    expect(await countLines(40)).toBeGreaterThan(lines);
    expect(await countLines(0)).toBe(lines);
  });

  it('helps in a window of any width', async () => {
    const box = await createSandbox();
    for (const [line, usage] of [
      ['gsac help', 'Usage: gsac <command> [options]'],
      ['gsac token --help', 'Usage: gsac token [options]'],
      ['gsac help token', 'GSAC TOKEN'],
      ['gsac files help get', 'Usage: gsac files get [options] <id|name>'],
    ] as const) {
      const terminal = openTerminal(box, `stty cols 100; ${line}`, { PAGER: 'cat' });
      expect(await terminal.ended(), line).toBe(0);
      expect(terminal.screen.replace(controls, ''), line).toContain(usage);
    }
  });

  it('Ctrl-C at the prompt: 130, nothing sent, the terminal as it was', async () => {
    const { box, emulator } = await openBox();
    const terminal = openTerminal(box, 'gsac exchange; echo "code $?"; stty -a');
    await terminal.shows('Server auth code:');
    terminal.type('\x03');
    await terminal.shows(/code \d+/);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toContain('code 130');
    expect(terminal.screen).not.toMatch(/\n\s+at /);
    // Line mode and echo are back, and so is the cursor.
    expect(terminal.screen).toMatch(/ icanon .* echo /s);
    expect(terminal.screen.lastIndexOf('\u001B[?25h')).toBeGreaterThanOrEqual(
      terminal.screen.lastIndexOf('\u001B[?25l'),
    );
    expect(await emulator.count('/token')).toBe(0);
  });

  it('Ctrl-C while a request is out: 130 at once', async () => {
    const { box, emulator } = await openSignedIn();
    await emulator.inject({ name: 'latency', ms: 20_000 });
    const terminal = openTerminal(box, 'gsac refresh; echo "code $?"');
    await emulator.hit();
    terminal.type('\x03');
    await terminal.shows(/code \d+/);
    expect(terminal.screen).toContain('code 130');
  });

  it('asks before it revokes; no is no', async () => {
    const { box, emulator } = await openSignedIn();
    const terminal = openTerminal(box, 'gsac revoke');
    await terminal.shows('Revoke it?');
    terminal.type('n\r');
    expect(await terminal.ended()).toBe(130);
    expect(await emulator.count('/revoke')).toBe(0);
    expect((await box.run(['token'])).exitCode).toBe(0);
  });

  it('--no-input never asks', async () => {
    const { box } = await openBox();
    const terminal = openTerminal(box, 'gsac exchange --no-input');
    expect(await terminal.ended()).toBe(2);
    expect(terminal.screen.replace(controls, '')).toContain('gsac: error: No code was given.');
  });

  it('colours for people, not where NO_COLOR is set', async () => {
    const box = await createSandbox();
    const coloured = openTerminal(box, 'gsac token');
    expect(await coloured.ended()).toBe(4);
    expect(coloured.screen).toContain('\u001B[31merror:\u001B[39m');
    const plain = openTerminal(box, 'gsac token', { NO_COLOR: '1' });
    expect(await plain.ended()).toBe(4);
    expect(plain.screen).toContain('gsac: error: No account');
    expect(plain.screen).not.toContain('\u001B');
  });
});
