import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivateFile, removePrivateFile, writePrivateFile } from '../files/private-file.js';

/** How many codes are left when the folder is cleared; a code lives for minutes, so this is plenty. */
const mostCodes = 500;
/** How long a code is remembered. */
const longestMs = 30 * 86_400_000;
/** How many notes are written between two looks at the size of the folder. */
const pruneEvery = 32;

/** What became of a code that this machine sent. */
export interface SpentCode {
  /** `unknown` if the answer never came. */
  outcome: 'exchanged' | 'unknown';
  /** Epoch milliseconds. */
  at: number;
}

/** Which codes this machine has sent: hashes only, bounded in number and age. */
export type CodeLedger = ReturnType<typeof createCodeLedger>;

/**
 * A ledger in `directory`, one small file for each code, named by the SHA-256 of code and client: the
 * codes cannot be had from it. It keeps the last 500 codes or a few more, for 30 days.
 *
 * It is a help for people, not a promise: if the folder cannot be read or written, nothing is known of
 * any code, and nothing fails.
 */
export function createCodeLedger({ directory, now }: { directory: string; now: () => number }) {
  const pathOf = (code: string, clientId: string) =>
    join(directory, createHash('sha256').update(`${clientId}\n${code}`).digest('hex'));

  return {
    /** What is known of a code at a client; undefined if nothing is. */
    async find(code: string, clientId: string): Promise<SpentCode | undefined> {
      try {
        const spent = parse(readPrivateFile(pathOf(code, clientId))?.toString('utf8') ?? '');
        return spent !== undefined && now() - spent.at < longestMs ? spent : undefined;
      } catch {
        return undefined;
      }
    },

    /** Notes what became of a code; undefined forgets it, since it was refused without being spent. */
    async note(code: string, clientId: string, spent: SpentCode | undefined): Promise<void> {
      try {
        const path = pathOf(code, clientId);
        if (spent === undefined) removePrivateFile(path);
        else writePrivateFile(path, `${spent.outcome} ${spent.at}\n`);
        if (Math.random() * pruneEvery < 1) prune(directory);
      } catch {
        // See above: the exchange matters, its note does not.
      }
    },
  };
}

function parse(text: string): SpentCode | undefined {
  const [outcome, at] = text.trim().split(' ');
  const known = outcome === 'exchanged' || outcome === 'unknown';
  return known && Number.isFinite(Number(at)) ? { outcome, at: Number(at) } : undefined;
}

function prune(directory: string): void {
  const files = readdirSync(directory)
    .map((name) => join(directory, name))
    .map((path) => ({ path, at: statSync(path).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of files.slice(mostCodes)) rmSync(path, { force: true });
}
