import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../support/process.js';
import { describeWith } from '../../support/requires.js';
import { openTerminal } from '../../support/terminal.js';
import { normalise } from './normalise.js';

/**
 * Whole sessions in a terminal of 80 columns without colour, as the README shows them. Each has an
 * emulator in a terminal beside it. `npm test -- test/golden -u` writes them anew.
 */
const sessions: Record<string, readonly string[]> = {
  'first-tour': [
    'export GSAC_CLIENT=client_secret.json',
    'export GSAC_STORE=file GSAC_FILE_KEY="$(head -c 32 /dev/urandom | base64)"',
    'gsac emulator sign-in | gsac exchange -',
    'gsac accounts',
    'gsac claims',
    'gsac token',
    'gsac refresh',
    'gsac files',
    'gsac files info',
    'gsac revoke --yes',
    'gsac token',
  ],
  'failed-exchange': [
    'export GSAC_CLIENT=client_secret.json',
    'code=$(gsac emulator sign-in)',
    'gsac exchange "$code" > first.txt; echo "exit code $?"',
    'gsac exchange "$code"; echo "exit code $?"',
    `gsac exchange 4/0A${'b'.repeat(73)}; echo "exit code $?"`,
    'gsac emulator sign-in | gsac exchange - --source web-popup; echo "exit code $?"',
    'gsac exchange serverAuthCode; echo "exit code $?"',
  ],
  json: [
    'export GSAC_CLIENT=client_secret.json',
    'gsac emulator sign-in | gsac exchange - --json',
    'gsac accounts --json',
    'gsac claims --json',
    'gsac token --json',
    'gsac refresh --json',
    'gsac files --json',
    'gsac exchange serverAuthCode --json; echo "exit code $?"',
    'gsac token --account nobody@example.com --json; echo "exit code $?"',
    'gsac revoke --yes --json',
  ],
  help: ['gsac --help', 'gsac exchange --help', 'gsac --version'],
};

describeWith('a terminal', 'whole sessions', () => {
  for (const [name, lines] of Object.entries(sessions)) {
    it(name, async () => {
      const box = await createSandbox();
      const start = 'gsac emulator start --client-out client_secret.json';
      const emulator = openTerminal(box, start, { NO_COLOR: '1' });
      await emulator.shows('Ctrl-C ends it');
      const transcript = await play(box, lines);
      emulator.type('\x03');
      expect(await emulator.ended()).toBe(0);
      await expect(normalise(transcript)).toMatchFileSnapshot(`${name}.txt`);
      if (name !== 'first-tour') return;
      const beside = `$ ${start}\n${emulator.screen}`;
      await expect(normalise(beside)).toMatchFileSnapshot('first-tour-emulator.txt');
    });
  }
});

/** Runs lines of shell in one terminal; each is shown before what it prints. */
async function play(box: Sandbox, lines: readonly string[]): Promise<string> {
  const script = [
    `first=yes`,
    `run() { [ "$first" ] || echo; first=; printf '$ %s\\n' "$1"; eval "$1"; }`,
    ...lines.map((line) => `run '${line.replaceAll("'", `'\\''`)}'`),
    'exit 0',
  ];
  writeFileSync(join(box.folder, 'session.sh'), `${script.join('\n')}\n`);
  const terminal = openTerminal(box, 'sh session.sh', { NO_COLOR: '1' });
  expect(await terminal.ended()).toBe(0);
  return terminal.screen;
}
