import { missingScopes, parseScopes } from '../../../core/scopes.js';

/** What oauthlib's warning says of the scopes asked for and those given. */
export interface ScopeChange {
  /** Asked for and not given. */
  lost: string[];
  /** Given without having been asked for. */
  gained: string[];
}

/**
 * Reads oauthlib's `Scope has changed from "…" to "…".`, which it raises as an error, whether scopes
 * are missing or only more than those asked for.
 *
 * @see https://github.com/oauthlib/oauthlib/blob/master/oauthlib/oauth2/rfc6749/parameters.py
 */
export function scopeChange(text: string): ScopeChange | undefined {
  const found = /Scope has changed from \\?"([^"\\]{0,4000})\\?" to \\?"([^"\\]{0,4000})\\?"/i.exec(
    text,
  );
  if (found === null) return undefined;
  const [asked, given] = [parseScopes(found[1] ?? ''), parseScopes(found[2] ?? '')];
  return { lost: missingScopes(asked, given), gained: missingScopes(given, asked) };
}
