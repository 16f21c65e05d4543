import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AccountRecord, Session } from '../../../../src/core/account.js';
import { GsacError } from '../../../../src/core/errors.js';

/** An account with every field, and changes to it. */
export function sampleAccount(changes: Partial<AccountRecord> = {}): AccountRecord {
  return {
    key: '123-abc.apps.googleusercontent.com/1001',
    sub: '1001',
    email: 'ada@example.com',
    clientId: '123-abc.apps.googleusercontent.com',
    scopes: ['openid', 'https://www.googleapis.com/auth/drive.appdata'],
    store: 'file',
    issuedAt: 1_700_000_000_000,
    lastUsedAt: null,
    refreshTokenExpiresAt: null,
    ...changes,
  };
}

/** A session, and changes to it. */
export function sampleSession(changes: Partial<Session> = {}): Session {
  return {
    accessToken: 'ya29.an-access-token',
    tokenType: 'Bearer',
    expiresAt: 1_700_000_003_600,
    scopes: ['openid'],
    idToken: 'eyJh.eyJi.sig',
    obtainedAt: 1_700_000_000_000,
    ...changes,
  };
}

/** A folder that is removed with all that is in it when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-test-'));
  onTestFinished(() => {
    openFolders(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Gives back the rights that a test took away. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}

/** The error that a promise ends with; fails the test where it does not, or with another kind. */
export async function errorOf(promise: Promise<unknown>): Promise<GsacError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof GsacError) return outcome;
  throw outcome instanceof Error ? outcome : new Error(`no error: ${JSON.stringify(outcome)}`);
}

/**
 * Runs `work` with an ordinary user's rights, so that modes count even where the tests run as root.
 */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return work();
  seteuid(65_534);
  try {
    return await work();
  } finally {
    seteuid(0);
  }
}

/** Every file below a folder with its content, to look for what must not be there. */
export function contentsBelow(folder: string): { path: string; content: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, content: readFileSync(path) }));
}

/** The permission bits of a file or folder. */
export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
