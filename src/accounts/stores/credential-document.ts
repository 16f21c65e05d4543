import type { Credential } from '../../core/account.js';
import { parseJsonObject } from '../../core/json.js';

/**
 * The JSON text that stores keep for a credential: one line, ASCII only (a keychain may cut or
 * recode anything else), snake_case, versioned.
 */
export function formatCredential(credential: Credential): string {
  const text = JSON.stringify({
    v: 1,
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    refresh_token: credential.refreshToken,
    token_uri: credential.tokenUri,
    session_key: credential.sessionKey,
  });
  return text.replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The credential of a text that {@link formatCredential} wrote; undefined for anything else,
 * another version included. Fields that it does not know are ignored.
 */
export function parseCredential(text: string): Credential | undefined {
  const fields = parseJsonObject(text) ?? {};
  const { v, client_id, client_secret, refresh_token, token_uri, session_key } = fields;
  if (v !== 1) return undefined;
  if (typeof client_id !== 'string' || typeof token_uri !== 'string') return undefined;
  if (typeof session_key !== 'string') return undefined;
  if (!isOptionalString(client_secret) || !isOptionalString(refresh_token)) return undefined;
  return {
    clientId: client_id,
    tokenUri: token_uri,
    sessionKey: session_key,
    clientSecret: client_secret,
    refreshToken: refresh_token,
  };
}

/** Whether two credentials are the same in every field; what reading back is judged by. */
export function sameCredential(one: Credential, other: Credential): boolean {
  return formatCredential(one) === formatCredential(other);
}

function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
