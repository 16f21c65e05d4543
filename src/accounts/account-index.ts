import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountKey, AccountRecord, RefusedRefresh } from '../core/account.js';
import { accountFileName, lastingRefusals, storeKinds } from '../core/account.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { fileReason, toFileError, withFileErrors } from '../files/errno.js';
import {
  readPrivateFile,
  removePrivateFile,
  replacePrivateFile,
  writePrivateFile,
} from '../files/private-file.js';

/**
 * An account index in `directory` (made when first written): `<hash>.json` per account and
 * `default-account`, mode 0600, each written in one step. It keeps no secret.
 *
 * Writes are not flushed to the disk: after a power cut an account may have to be imported or
 * exchanged again, its secret is still in the store.
 *
 * Every method throws {@link GsacError} `local_file_broken` where a file or the folder cannot be
 * read or written; `list` reports single files instead.
 */
export function createAccountIndex(options: { directory: string }): AccountIndex {
  const { directory } = options;
  const defaultPath = join(directory, 'default-account');
  const pathOf = (key: AccountKey) => join(directory, `${accountFileName(key)}.json`);

  async function defaultKey(): Promise<AccountKey | undefined> {
    const content = withFileErrors('local_file_broken', 'read', defaultPath, () =>
      readPrivateFile(defaultPath),
    );
    return content?.toString('utf8').trim() || undefined;
  }

  return {
    async list() {
      const listing: AccountListing = { accounts: [], broken: [] };
      for (const name of namesIn(directory)) {
        const path = join(directory, name);
        try {
          const account = readRecord(path);
          if (account !== undefined) listing.accounts.push(account);
        } catch (thrown) {
          const reason = thrown instanceof BrokenRecord ? thrown.reason : fileReason(thrown);
          const { hint = '' } = toFileError(thrown, 'local_file_broken', 'read', path);
          listing.broken.push({ path, reason, hint });
        }
      }
      listing.accounts.sort(byEmailThenKey);
      return listing;
    },

    async get(key) {
      const path = pathOf(key);
      return withFileErrors('local_file_broken', 'read', path, () => readRecord(path));
    },

    async put(account) {
      const path = pathOf(account.key);
      try {
        await replacePrivateFile(path, formatAccountRecord(account));
      } catch (thrown) {
        throw toFileError(thrown, 'local_file_broken', 'write', path);
      }
    },

    async remove(key) {
      const path = pathOf(key);
      return withFileErrors('local_file_broken', 'remove', path, () => removePrivateFile(path));
    },

    defaultKey,

    async proveWritable() {
      const path = join(directory, `.probe-${randomUUID()}`);
      withFileErrors('local_file_broken', 'write', path, () => {
        writePrivateFile(path, '');
        removePrivateFile(path);
      });
    },

    async setDefaultKey(key) {
      if (key === undefined) {
        withFileErrors('local_file_broken', 'remove', defaultPath, () =>
          removePrivateFile(defaultPath),
        );
        return;
      }
      withFileErrors('local_file_broken', 'write', defaultPath, () =>
        writePrivateFile(defaultPath, `${key}\n`),
      );
    },
  };
}

class BrokenRecord extends GsacError {
  readonly reason: string;

  constructor(path: string, reason: string) {
    super('local_file_broken', `The account file ${path} is broken: ${reason}.`, {
      hint: 'Move the file away, then add the account again with `gsac exchange` or `gsac accounts import`.',
      details: { path },
    });
    this.reason = reason;
  }
}

/** The accounts' files; sorted, so that what is reported does not depend on the file system. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort();
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return [];
    throw toFileError(thrown, 'local_file_broken', 'list', directory);
  }
}

function readRecord(path: string): AccountRecord | undefined {
  const content = readPrivateFile(path);
  if (content === undefined) return undefined;
  const parsed = parseAccountRecord(content.toString('utf8'));
  if ('reason' in parsed) throw new BrokenRecord(path, parsed.reason);
  // A copy under another name would list an account twice that `get` finds once.
  if (!path.endsWith(`${accountFileName(parsed.key)}.json`)) {
    throw new BrokenRecord(path, 'its name is not the one of the account in it');
  }
  return parsed;
}

function byEmailThenKey(one: AccountRecord, other: AccountRecord): number {
  return compare(one.email ?? '', other.email ?? '') || compare(one.key, other.key);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What a listing of the account index found. */
export interface AccountListing {
  /** Sorted by email address, then key. */
  accounts: AccountRecord[];
  /** Files of the index that could not be read as such. */
  broken: BrokenAccountFile[];
}

/** A file of the account index that could not be read as such; whose account it holds is not known. */
export interface BrokenAccountFile {
  path: string;
  /** Why, as part of a sentence. */
  reason: string;
  /** What to do about it, as a sentence. */
  hint: string;
}

/** The accounts that are known on this machine, one small file each, without secrets. */
export interface AccountIndex {
  list(): Promise<AccountListing>;
  /** One account by its exact key, without listing the others; undefined where unknown. */
  get(key: AccountKey): Promise<AccountRecord | undefined>;
  put(account: AccountRecord): Promise<void>;
  /** Forgets an account; true if there was one. The default is left alone. */
  remove(key: AccountKey): Promise<boolean>;
  /** Proves that an account could be written now, without leaving a trace. */
  proveWritable(): Promise<void>;
  defaultKey(): Promise<AccountKey | undefined>;
  /** Undefined: no account is the default. */
  setDefaultKey(key: AccountKey | undefined): Promise<void>;
}

/** The JSON text of an account's file in the index: snake_case, times in epoch milliseconds. */
export function formatAccountRecord(account: AccountRecord): string {
  const document = {
    v: 1,
    key: account.key,
    sub: account.sub,
    email: account.email,
    client_id: account.clientId,
    scopes: account.scopes,
    store: account.store,
    issued_at: account.issuedAt,
    last_used_at: account.lastUsedAt,
    refresh_token_expires_at: account.refreshTokenExpiresAt,
    refresh_tokens_issued: account.refreshTokensIssued,
    refused: account.refused,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * The account of a file's text, or the reason why it is none.
 * Fields that it does not know are ignored, so that a later gsac may add some.
 */
export function parseAccountRecord(text: string): AccountRecord | { reason: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { reason: text === '' ? 'it is empty' : 'it is not JSON' };
  }
  if (typeof parsed !== 'object' || parsed === null) return { reason: 'it is not a JSON object' };
  const fields = parsed as Record<string, unknown>;
  if (fields['v'] !== 1) return { reason: 'its version is not 1 (written by a newer gsac?)' };

  const { key, sub, email, client_id, scopes, issued_at } = fields;
  const store = storeKinds.find((kind) => kind === fields['store']);
  if (typeof key !== 'string') return { reason: 'it has no "key"' };
  if (!isStringOrNull(sub)) return { reason: 'its "sub" is not text' };
  if (!isStringOrNull(email)) return { reason: 'its "email" is not text' };
  if (typeof client_id !== 'string') return { reason: 'it has no "client_id"' };
  if (!isStrings(scopes)) return { reason: 'its "scopes" is not a list of text' };
  if (store === undefined) return { reason: 'its "store" is none that gsac has' };
  if (typeof issued_at !== 'number') return { reason: 'its "issued_at" is not a number' };
  const issued = toNumberOrNull(fields['refresh_tokens_issued']);
  const refused = toRefused(fields['refused']);
  return {
    key,
    sub,
    email,
    clientId: client_id,
    scopes,
    store,
    issuedAt: issued_at,
    // Hints only: an odd one is not worth losing the account for.
    lastUsedAt: toNumberOrNull(fields['last_used_at']),
    refreshTokenExpiresAt: toNumberOrNull(fields['refresh_token_expires_at']),
    ...(issued === null ? {} : { refreshTokensIssued: issued }),
    ...(refused === undefined ? {} : { refused }),
  };
}

function toRefused(value: unknown): RefusedRefresh | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { at, code: name, message, hint } = value as Record<string, unknown>;
  const code = lastingRefusals.find((known) => known === name);
  if (typeof at !== 'number' || typeof message !== 'string' || code === undefined) return undefined;
  return { at, code, message, ...(typeof hint === 'string' ? { hint } : {}) };
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function toNumberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
