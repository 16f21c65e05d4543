import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/library.js';

/** An emulator on a port, its client file on the disk, and programs that use it. */
export interface Desk {
  readonly google: Emulator;
  readonly origin: string;
  /** A folder of its own. */
  readonly folder: string;
  /** The path of the client file. */
  readonly clientFile: string;
  /** Runs a program without anything of the tests' environment, for 60 seconds at most. */
  run(file: string, args: readonly string[], stdin?: string): Promise<Finished>;
}

/** How a program ended and what it wrote. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Opens a desk that is cleared away when the test has finished. */
export async function openDesk(options: EmulatorOptions = {}): Promise<Desk> {
  const google = await createEmulator(options).listen();
  const folder = mkdtempSync(join(tmpdir(), 'gsac-client-'));
  onTestFinished(async () => {
    await google.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clientFile = join(folder, 'client_secret.json');
  writeFileSync(clientFile, JSON.stringify(google.clientFile()));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    // Python's oauthlib wants https even on loopback.
    OAUTHLIB_INSECURE_TRANSPORT: '1',
  };
  return {
    google,
    origin: google.origin,
    folder,
    clientFile,
    run(file, args, stdin = '') {
      const child = spawn(file, args, { cwd: folder, env, stdio: 'pipe', timeout: 60_000 });
      const written = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          written[stream] += text;
        });
      }
      // It may end without having read.
      child.stdin.on('error', () => {});
      child.stdin.end(stdin);
      return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (exitCode) => resolve({ exitCode, ...written }));
      });
    },
  };
}
