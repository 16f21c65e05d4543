import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A home folder with an OpenPGP key that needs no passphrase, apart from the user's own. */
export interface KeyHome {
  readonly folder: string;
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

/** @param owner whose key it is, an address. */
export async function createKeyHome(owner: string): Promise<KeyHome> {
  // Short: the agent's socket is in it.
  const folder = mkdtempSync(join(tmpdir(), 'gsac-pg-'));
  const home = join(folder, 'gnupg');
  mkdirSync(home, { mode: 0o700 });
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    GNUPGHOME: home,
    PASSWORD_STORE_DIR: join(folder, 'pass'),
  };
  const make = ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', owner];
  await run('gpg', [...make, 'default', 'default', 'never'], { env });
  return {
    folder,
    env,
    async close() {
      await run('gpgconf', ['--kill', 'all'], { env });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The same with a store of `pass` for the key. */
export async function createPassHome(): Promise<KeyHome> {
  const owner = 'tester@example.com';
  const home = await createKeyHome(owner);
  await run('pass', ['init', owner], { env: home.env });
  return home;
}

/** The helper that the manual shows, letter for letter. @returns its path. */
export function writeSampleHelper(folder: string): string {
  const page = readFileSync(new URL('../../src/manual/stores.md', import.meta.url), 'utf8');
  const [, sample] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
  if (sample === undefined) throw new Error('the manual shows no helper');
  return writeHelper(folder, sample);
}

/** The key that the manual's helper encrypts for. */
export const sampleKeyOwner = 'team@example.com';

/** Writes a script that can be run. @returns its path. */
export function writeHelper(folder: string, text: string, name = 'helper'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}
