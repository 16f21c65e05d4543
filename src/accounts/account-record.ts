import {
  type AccountRecord,
  lastingRefusals,
  type RefusedRefresh,
  storeKinds,
} from '../core/account.js';

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
