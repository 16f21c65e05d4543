import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSandbox, openBox, openSignedIn } from '../support/process.js';
import { describeWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is steered with
const controls = /\u001B\[[0-9;?]*[A-Za-z]|[\r\u0007]/g;

/** How a terminal is asked to mark what is pasted. */
const pastesMarked = '\u001B[?2004h';

function expectPastesUnmarked(screen: string): void {
  const unmarked = screen.lastIndexOf('\u001B[?2004l');
  expect(unmarked).toBeGreaterThanOrEqual(screen.lastIndexOf(pastesMarked));
}

function expectCancelled(screen: string): void {
  expect(screen.match(/Cancelled\./g), screen).toHaveLength(1);
  expect(screen).not.toMatch(/error:|bug/);
  expectPastesUnmarked(screen);
}

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

  it.each<[string, (lines: string[]) => string]>([
    ['marked by the terminal', (lines) => `\u001B[200~${lines.join('\r\n')}\r\n\u001B[201~`],
    ['that only arrives together', (lines) => lines.join('\r')],
  ])('takes a paste of several lines whole: one %s', async (_how, paste) => {
    const { box, emulator } = await openBox();
    const code = await emulator.code();
    const terminal = openTerminal(box, 'gsac exchange');
    await terminal.shows(pastesMarked);
    await terminal.shows('Server auth code:');
    terminal.type(paste([code.slice(0, 30), `  ${code.slice(30)}`]));
    await terminal.shows('*'.repeat(code.length - 30));
    terminal.type('\r');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toContain('removed whitespace inside');
    expect(await emulator.count('/token')).toBe(1);
    expectPastesUnmarked(terminal.screen);
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
      const terminal = openTerminal(
        box,
        `stty cols ${columns}; gsac explain invalid_grant --no-input`,
      );
      expect(await terminal.ended()).toBe(0);
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

  it('Ctrl-D at any prompt: cancelled, once', async () => {
    const { box, emulator } = await openSignedIn();
    for (const [line, question] of [
      ['exchange', 'Server auth code:'],
      ['login --no-browser', 'Address of that page:'],
      ['revoke', 'Revoke the access?'],
      ['accounts remove tester@example.com', 'Remove the account?'],
    ] as const) {
      const terminal = openTerminal(box, `gsac ${line}`);
      await terminal.shows(question);
      // What was typed before does not make it an answer.
      terminal.type('y\x04');
      expect(await terminal.ended(), line).toBe(130);
      expectCancelled(terminal.screen);
    }
    expect(await emulator.count('/revoke')).toBe(0);
    expect((await box.run(['token'])).exitCode).toBe(0);
  });

  it('ends at a prompt whose terminal has no input, and by a signal', async () => {
    const { box } = await openBox();
    const silent = await box.spawn('script', ['-qefc', 'gsac exchange', '/dev/null']);
    expect(silent.exitCode).toBe(130);
    expectCancelled(silent.stdout);

    const terminal = openTerminal(box, `sh -c 'echo "pid $$."; exec gsac exchange'; stty -a`);
    await terminal.shows('Server auth code:');
    process.kill(Number(/pid (\d+)\./.exec(terminal.screen)?.[1]), 'SIGTERM');
    await terminal.ended();
    expectCancelled(terminal.screen);
    expect(terminal.screen).toMatch(/ icanon .* echo /s);
  });

  it('goes on after Ctrl-Z and fg with what had been typed', async () => {
    const { box, emulator } = await openBox();
    const code = await emulator.code();
    // One with jobs, as people have it.
    const shell = openTerminal(box, 'PS1="ready> " bash --norc --noediting -i');
    await shell.shows('ready>');
    shell.type('gsac exchange\r');
    await shell.shows('Server auth code:');
    shell.type(code.slice(0, 10));
    await shell.shows('*'.repeat(10));
    shell.type('\x1a');
    await shell.shows('Stopped');
    expectPastesUnmarked(shell.screen);
    shell.type('fg\r');
    await shell.shows(/Stopped.*Server auth code:[^\n]*\*{10}/s);
    shell.type(`${code.slice(10)}\r`);
    await shell.shows('in the encrypted file store');
    shell.type('exit\r');
    expect(await shell.ended()).toBe(0);
    expect(shell.screen).not.toContain('bug');
    expect(await emulator.count('/token')).toBe(1);
  });

  it('asks again after Ctrl-Z if nobody could continue it', async () => {
    const { box, emulator } = await openBox();
    const terminal = openTerminal(box, 'gsac exchange');
    await terminal.shows('Server auth code:');
    terminal.type('\x1a');
    await terminal.shows(/Server auth code:.*Server auth code:/s);
    terminal.type(`${await emulator.code()}\r`);
    expect(await terminal.ended()).toBe(0);
  });

  it('asks for the passphrase of a file store without a key, once a run', async () => {
    const { box, emulator } = await openBox();
    const keyless = { GSAC_FILE_KEY: '' };
    const asked = 'Passphrase for the file store:';
    const made = openTerminal(box, `gsac exchange ${await emulator.code()}`, keyless);
    for (const [question, answer] of [
      ['New passphrase', 'correct horse'],
      ['The same passphrase again:', 'correct house'],
      [/are not the same.*New passphrase/s, 'correct horse'],
      [/are not the same.*The same passphrase again:/s, 'correct horse'],
    ] as const) {
      await made.shows(question);
      made.type(`${answer}\r`);
    }
    expect(await made.ended()).toBe(0);
    expect(made.screen).not.toContain('horse');

    const all = openTerminal(box, 'gsac refresh && gsac doctor', keyless);
    await all.shows(asked);
    all.type('wrong\r');
    await all.shows(/does not open the file store.*Passphrase for/s);
    all.type('correct horse\r');
    await all.shows(/refresh token.*Passphrase for the file store:/s);
    all.type('correct horse\r');
    expect(await all.ended()).toBe(0);
    // A prompt that is answered is drawn once more, with the sign of an answer.
    expect(all.screen.match(/✔[^\n]*Passphrase for/g)).toHaveLength(3);

    const never = openTerminal(box, 'gsac refresh --no-input', keyless);
    expect(await never.ended()).toBe(5);
    expect((await box.run(['refresh'], { env: keyless })).exitCode).toBe(5);
    // Once standard input has ended, nobody can answer.
    const ended = openTerminal(box, 'echo ready; gsac exchange -', keyless);
    await ended.shows('ready');
    ended.type(`${await emulator.code()}\n\x04`);
    expect(await ended.ended()).toBe(5);
    const refused = openTerminal(box, 'gsac refresh --all', keyless);
    await refused.shows(asked);
    refused.type('\x03');
    expect(await refused.ended()).toBe(130);
    expectCancelled(refused.screen);
  });

  it('asks before it forgets an account; no is no error', async () => {
    const { box } = await openSignedIn();
    for (const [answer, exitCode, says] of [
      ['n', 130, 'gsac: Nothing was removed.'],
      ['y', 0, 'Removed tester@example.com'],
    ] as const) {
      const terminal = openTerminal(box, 'gsac accounts remove tester@example.com');
      await terminal.shows('Remove the account?');
      expect(terminal.screen).toContain('gsac revoke');
      terminal.type(`${answer}\r`);
      expect(await terminal.ended()).toBe(exitCode);
      expect(terminal.screen).toContain(says);
      expect(terminal.screen).not.toContain('error:');
    }
    expect((await box.run(['token'])).exitCode).toBe(4);
  });

  it('listen says where before it says what is posted there', async () => {
    const { box } = await openBox();
    const terminal = openTerminal(box, 'gsac listen --http');
    await terminal.shows('No QR code');
    terminal.type('\x03');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\S+\r\ngsac: The app posts/);
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
    await terminal.shows('Revoke the access?');
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
