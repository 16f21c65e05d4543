import { join } from 'node:path';
import {
  type AccountKey,
  type AccountRecord,
  accountFileName,
  lastingRefusals,
  type RefusedRefresh,
  toStoreKind,
} from '../core/account.js';
import { GsacError } from '../core/errors.js';
import { type FileAction, fileReason, toFileError, withFileErrors } from '../files/errno.js';
import {
  listFolder,
  proveFolder,
  readPrivateFile,
  removePrivateFile,
  replacePrivateFile,
  writePrivateFile,
} from '../files/private-file.js';

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
export type AccountIndex = ReturnType<typeof createAccountIndex>;

/**
 * An account index in `directory` (made when first written): `<hash>.json` per account and
 * `default-account`, mode 0600, each written in one step. It keeps no secret.
 *
 * Writes are not flushed to the disk: after a power cut an account may have to be imported or
 * exchanged again; its secret is still in the store.
 *
 * Every method throws {@link GsacError} `local_file_broken` if a file or the folder cannot be read or
 * written; `list` reports single files instead.
 */
export function createAccountIndex({ directory }: { directory: string }) {
  const defaultPath = join(directory, 'default-account');
  const pathOf = (key: AccountKey) => join(directory, `${accountFileName(key)}.json`);
  const doing = <T>(action: FileAction, path: string, work: () => T): T =>
    withFileErrors('local_file_broken', action, path, work);

  return {
    async list(): Promise<AccountListing> {
      const listing: AccountListing = { accounts: [], broken: [] };
      for (const name of doing('list', directory, () => listFolder(directory))) {
        if (!name.endsWith('.json') || name.startsWith('.')) continue;
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
      listing.accounts.sort(
        (one, other) => compare(one.email ?? '', other.email ?? '') || compare(one.key, other.key),
      );
      return listing;
    },

    /** One account by its exact key, without listing the others; undefined if it is unknown. */
    async get(key: AccountKey): Promise<AccountRecord | undefined> {
      const path = pathOf(key);
      return doing('read', path, () => readRecord(path));
    },

    async put(account: AccountRecord): Promise<void> {
      const path = pathOf(account.key);
      await replacePrivateFile(path, formatRecord(account)).catch((thrown) => {
        throw toFileError(thrown, 'local_file_broken', 'write', path);
      });
    },

    /** Forgets an account; true if there was one. The default is left alone. */
    async remove(key: AccountKey): Promise<boolean> {
      const path = pathOf(key);
      return doing('remove', path, () => removePrivateFile(path));
    },

    /** Proves that an account could be written now, without leaving a trace. */
    async proveWritable(): Promise<void> {
      doing('write', directory, () => proveFolder(directory));
    },

    async defaultKey(): Promise<AccountKey | undefined> {
      const content = doing('read', defaultPath, () => readPrivateFile(defaultPath));
      return content?.toString('utf8').trim() || undefined;
    },

    /** @param key undefined: no account is the default. */
    async setDefaultKey(key: AccountKey | undefined): Promise<void> {
      if (key === undefined) doing('remove', defaultPath, () => removePrivateFile(defaultPath));
      else doing('write', defaultPath, () => writePrivateFile(defaultPath, `${key}\n`));
    },
  };
}

class BrokenRecord extends GsacError {
  constructor(
    path: string,
    readonly reason: string,
  ) {
    super('local_file_broken', `The account file ${path} is broken: ${reason}.`, {
      hint: 'Move the file away, then add the account again with `gsac exchange` or `gsac accounts import`.',
      details: { path },
    });
  }
}

function readRecord(path: string): AccountRecord | undefined {
  const content = readPrivateFile(path);
  if (content === undefined) return undefined;
  const parsed = parseRecord(content.toString('utf8'));
  if (typeof parsed === 'string') throw new BrokenRecord(path, parsed);
  // A copy under another name would list an account twice that `get` finds once.
  if (!path.endsWith(`${accountFileName(parsed.key)}.json`)) {
    throw new BrokenRecord(path, 'its name does not belong to the account in it');
  }
  return parsed;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The JSON text of an account's file in the index: snake_case, times in epoch milliseconds. */
function formatRecord(account: AccountRecord): string {
  const document = {
    v: 1,
    key: account.key,
    sub: account.sub,
    email: account.email,
    alias: account.alias,
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

/** The account of a file's text, or the reason why it is none. A later gsac may add fields. */
function parseRecord(text: string): AccountRecord | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text === '' ? 'it is empty' : 'it is not JSON';
  }
  if (typeof parsed !== 'object' || parsed === null) return 'it is not a JSON object';
  const fields = parsed as Record<string, unknown>;
  if (fields['v'] !== 1) return 'its version is not 1 (written by a newer gsac?)';

  const { key, sub, email, client_id, scopes, issued_at } = fields;
  const store = toStoreKind(fields['store']);
  if (typeof key !== 'string') return 'it has no "key"';
  if (!isStringOrNull(sub)) return 'its "sub" is not text';
  if (!isStringOrNull(email)) return 'its "email" is not text';
  const { alias } = fields;
  if (typeof client_id !== 'string') return 'it has no "client_id"';
  if (!isStrings(scopes)) return 'its "scopes" is not a list of text';
  if (store === undefined) return 'its "store" is unknown to gsac';
  if (typeof issued_at !== 'number') return 'its "issued_at" is not a number';
  return {
    key,
    sub,
    email,
    clientId: client_id,
    scopes,
    store,
    issuedAt: issued_at,
    // Hints only: an odd one is not worth losing the account for.
    alias: typeof alias === 'string' ? alias : undefined,
    lastUsedAt: toNumber(fields['last_used_at']) ?? null,
    refreshTokenExpiresAt: toNumber(fields['refresh_token_expires_at']) ?? null,
    refreshTokensIssued: toNumber(fields['refresh_tokens_issued']),
    refused: toRefused(fields['refused']),
  };
}

function toRefused(value: unknown): RefusedRefresh | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { at, code: name, message, hint } = value as Record<string, unknown>;
  const code = lastingRefusals.find((known) => known === name);
  if (typeof at !== 'number' || typeof message !== 'string' || code === undefined) return undefined;
  return { at, code, message, hint: typeof hint === 'string' ? hint : undefined };
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
