import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { Sandbox } from './process.js';

const printer = fileURLToPath(new URL('print-tour.js', import.meta.url));

/** Runs the commands that the README has people try first, as they stand, in a folder. */
export async function runTour(box: Sandbox, folder: string): Promise<void> {
  const commands = execFileSync(process.execPath, [printer], { encoding: 'utf8' });
  expect(commands.match(/^\(?gsac .*$/gm)).toHaveLength(3);
  mkdirSync(folder, { recursive: true });
  const unset = ['HOME', 'CLIENT', 'STORE', 'FILE_KEY'].map((name) => [`GSAC_${name}`, undefined]);
  // The emulator that stays keeps its stderr, which is a person's terminal.
  const stderr = join(box.folder, 'stderr.txt');
  const line = `{ ${commands}\n} 2> '${stderr}'`;
  const ran = await box.shell(line, { cwd: folder, env: Object.fromEntries(unset) });
  const [, pid] = /"pid":(\d+)/.exec(ran.stdout) ?? [];
  if (pid !== undefined) onTestFinished(() => void process.kill(Number(pid)));
  expect(ran).toMatchObject({ exitCode: 0 });
  expect(readFileSync(stderr, 'utf8')).toBe('');
  expect(ran.stdout).toMatch(/^refresh token +stored in the encrypted file store$/m);
  expect(ran.stdout).toMatch(/^verdict +valid$/m);
}
