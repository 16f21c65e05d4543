import { createHash } from 'node:crypto';
import { GsacError } from './errors.js';
import { isJsonObject } from './json.js';

/**
 * What an `authorized_user` file holds: a refresh token with the client that it belongs to.
 * Such files come from gcloud, from Google's libraries, and from gsac's own rescue.
 */
export interface AuthorizedUser {
  clientId: string;
  clientSecret?: string | undefined;
  refreshToken: string;
  tokenUri?: string | undefined;
  /** The person's email address. */
  email?: string | undefined;
  /** Google's stable id of the person. */
  sub?: string | undefined;
  scopes?: string[] | undefined;
  /** When the refresh token was issued, epoch milliseconds. */
  issuedAt?: number | undefined;
  /** When the refresh token ends where Google has said so, epoch milliseconds. */
  refreshTokenExpiresAt?: number | undefined;
  /** True where gsac wrote the file because no store would take the token. */
  rescue: boolean;
}

/** Credential files are small, in bytes; what is larger is something else. */
export const maxCredentialFileBytes = 65_536;

/** What other files of Google's are called, by their `type`. */
const otherTypes: Readonly<Record<string, string>> = {
  service_account: 'a service account key',
  external_account: 'a workload identity federation file',
  external_account_authorized_user: 'a workforce identity federation file',
  impersonated_service_account: 'a service account impersonation file',
  gdch_service_account: 'a Google Distributed Cloud service account key',
};

const expectation =
  'Give an authorized_user JSON file: {"type":"authorized_user","client_id":…,"client_secret":…,"refresh_token":…}.';

/**
 * Parses the text of an authorized_user file. `type` may be missing, as in the `token.json` files
 * of Google's Python library. Empty optional fields count as absent, unknown ones are ignored.
 *
 * It does not check that `token_uri` may be used, nor that the token is alive.
 *
 * @param sourceName what messages call it: a path, or the name of a variable.
 * @throws {GsacError} `credential_file_invalid`, naming the kind where it is another known one. The
 * message never quotes the text.
 */
export function parseAuthorizedUser(text: string, sourceName: string): AuthorizedUser {
  const fields = parseObject(text, sourceName);
  refuseOtherKinds(fields, sourceName);
  const optional = (name: string) => {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw invalid(sourceName, `its "${name}" is not text`);
    return value;
  };
  const required = (name: string) => {
    const value = optional(name);
    if (value === undefined) throw invalid(sourceName, `it has no "${name}"`);
    return value;
  };
  const time = (name: string) => {
    const value = optional(name);
    if (value === undefined) return undefined;
    const at = Date.parse(value);
    if (Number.isNaN(at)) throw invalid(sourceName, `its "${name}" is not an ISO 8601 time`);
    return at;
  };
  return {
    clientSecret: optional('client_secret'),
    tokenUri: optional('token_uri'),
    email: optional('account'),
    sub: optional('sub'),
    scopes: toScopes(fields, sourceName),
    issuedAt: time('issued_at'),
    refreshTokenExpiresAt: time('refresh_token_expires_at'),
    clientId: required('client_id'),
    refreshToken: required('refresh_token'),
    rescue: fields['gsac_rescue'] === true,
  };
}

/**
 * The text of an authorized_user file, which {@link parseAuthorizedUser} reads back to the same and
 * Google's own libraries take too. It holds the refresh token and the client secret in plaintext.
 */
export function formatAuthorizedUser(user: AuthorizedUser): string {
  const document = {
    type: 'authorized_user',
    client_id: user.clientId,
    client_secret: user.clientSecret,
    refresh_token: user.refreshToken,
    token_uri: user.tokenUri,
    account: user.email,
    sub: user.sub,
    scopes: user.scopes,
    issued_at: toIsoTime(user.issuedAt),
    refresh_token_expires_at: toIsoTime(user.refreshTokenExpiresAt),
    gsac_rescue: user.rescue || undefined,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * A short hash of a refresh token, which tells apart the accounts that no `sub` is known of. It
 * gives nothing of the token away.
 */
export function fingerprintOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex').slice(0, 12);
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(text: string, sourceName: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // JSON.parse's own message quotes the text, and with it perhaps a token.
    throw invalid(sourceName, text.trim() === '' ? 'it is empty' : 'it is not JSON');
  }
  if (!isJsonObject(parsed)) throw invalid(sourceName, 'it is not a JSON object');
  return parsed;
}

function refuseOtherKinds(fields: Fields, sourceName: string): void {
  const { type } = fields;
  if (typeof type === 'string' && type !== 'authorized_user') {
    const known = Object.hasOwn(otherTypes, type) ? otherTypes[type] : undefined;
    throw invalid(
      sourceName,
      known === undefined
        ? 'its "type" is not "authorized_user"'
        : `it is ${known}, not an authorized_user file`,
    );
  }
  if ('installed' in fields || 'web' in fields) {
    throw invalid(
      sourceName,
      'it is a client secrets file, which holds no refresh token',
      'Pass that file with --client, and sign in with `gsac exchange`.',
    );
  }
  if ('private_key' in fields) {
    throw invalid(sourceName, 'it is a service account key, not an authorized_user file');
  }
  if (!('client_id' in fields) && 'access_token' in fields) {
    throw invalid(sourceName, 'it is a token answer, which does not name the client ("client_id")');
  }
}

function toScopes(fields: Fields, sourceName: string): string[] | undefined {
  const { scopes } = fields;
  if (scopes === undefined || scopes === null) return undefined;
  const list = typeof scopes === 'string' ? scopes.split(/\s+/).filter(Boolean) : scopes;
  if (!Array.isArray(list) || !list.every((scope) => typeof scope === 'string')) {
    throw invalid(sourceName, 'its "scopes" is not a list of text');
  }
  return list;
}

function toIsoTime(time: number | undefined): string | undefined {
  if (time === undefined) return undefined;
  const date = new Date(time);
  // A time out of range must not cost the token that the file is for.
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function invalid(sourceName: string, reason: string, hint = expectation): GsacError {
  return new GsacError('credential_file_invalid', `Cannot use ${sourceName}: ${reason}.`, {
    hint,
    details: { source: sourceName },
  });
}
