import { existsSync } from 'node:fs';
import { type ErrorCode, errorExitCodes, GsacError } from '../core/errors.js';
import { readPrivateFile, removePrivateFile, writePrivateFile } from '../files/private-file.js';

/** A refresh that failed, as the process that did it recorded it for those that waited. */
export interface SharedFailure {
  /** When it failed, epoch milliseconds. */
  at: number;
  error: GsacError;
}

/** Failures that are of one process alone: its keys, its user, its bugs. */
const ownFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unexpected',
  'output_failed',
  'input_required',
  'usage',
  'store_key_required',
  'store_key_wrong',
  'cancelled',
]);

/**
 * Records a failure for those that wait; anything but a {@link GsacError}, and what concerns only
 * this process, is not recorded. Never throws: where it cannot be written, each waiter tries itself.
 */
export function recordFailure(path: string, thrown: unknown, at: number): void {
  if (!(thrown instanceof GsacError) || ownFailures.has(thrown.code)) return;
  const { code, message, hint, details } = thrown;
  try {
    writePrivateFile(path, JSON.stringify({ v: 1, at, code, message, hint, details }));
  } catch {
    // Said above.
  }
}

/** The last recorded failure; undefined where there is none, or none that can be read. */
export function readFailure(path: string): SharedFailure | undefined {
  try {
    const content = readPrivateFile(path);
    return content === undefined ? undefined : toFailure(JSON.parse(content.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Forgets a recorded failure. Never throws: an old one is told by its time. */
export function forgetFailure(path: string): void {
  try {
    // Mostly there is none, and a look costs far less than a removal that fails.
    if (existsSync(path)) removePrivateFile(path);
  } catch {
    // Said above.
  }
}

function toFailure(document: unknown): SharedFailure | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { v, at, code, message, hint, details } = document as Record<string, unknown>;
  if (v !== 1 || typeof at !== 'number' || typeof message !== 'string') return undefined;
  if (!isErrorCode(code)) return undefined;
  return {
    at,
    error: new GsacError(code, message, {
      hint: typeof hint === 'string' ? hint : undefined,
      details: typeof details === 'object' && details !== null ? { ...details } : undefined,
    }),
  };
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorExitCodes, value);
}
