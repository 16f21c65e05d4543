import { timingSafeEqual } from 'node:crypto';
import { GsacError } from '../../core/errors.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** What came back from the authorization page. */
export type RedirectAnswer = { code: string } | { error: string; description: string | undefined };

/** What the query of a redirect says; `stranger` where it is not the answer to our request. */
export type ReadRedirect = RedirectAnswer | 'stranger' | 'none';

/**
 * Reads the query of a redirect: the state first, then what it brings. `none` where it is no answer
 * at all: neither code nor error, or one of them twice.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 */
export function readRedirect(query: URLSearchParams, state: string): ReadRedirect {
  const codes = query.getAll('code');
  const errors = query.getAll('error');
  const [code] = codes;
  const [error] = errors;
  if (codes.length + errors.length !== 1) return 'none';
  if (!isSame(query.getAll('state'), state)) return 'stranger';
  if (code !== undefined) return code === '' ? 'none' : { code };
  return {
    // Nothing but a name of RFC 6749, 4.1.2.1: the rest of the words are not Google's.
    error: /^[\w.-]{1,64}$/.test(error ?? '') ? String(error) : 'unknown',
    description: query.get('error_description')?.slice(0, 300),
  };
}

/** Reads the address that a person pasted. @throws {GsacError} `usage`, `state_mismatch`. */
export function readPastedRedirect(
  pasted: string,
  { state, url }: AuthorizationRequest,
): RedirectAnswer {
  const text = pasted.trim().replace(/^<(.*)>$|^"(.*)"$|^'(.*)'$/s, '$1$2$3');
  if (!URL.canParse(text) || text.includes('\n')) {
    throw new GsacError('usage', 'That is not an address.', {
      hint: 'Paste the full address of the page that failed to load; it starts with http://.',
    });
  }
  if (text === url || new URL(text).searchParams.has('client_id')) {
    throw new GsacError(
      'usage',
      'That is the address of the sign-in page, not of the page after it.',
      {
        hint: 'Open it in a browser, sign in, and paste the address that the browser shows at the end.',
      },
    );
  }
  const read = readRedirect(new URL(text).searchParams, state);
  if (read === 'stranger') {
    throw new GsacError('state_mismatch', 'That address belongs to another sign-in.', {
      hint: 'Its state does not match. Nothing was sent. Sign in at the address that gsac printed last.',
    });
  }
  if (read === 'none') {
    throw new GsacError('usage', 'That address contains no code.', {
      hint: 'Paste the full address, including everything after the question mark.',
    });
  }
  return read;
}

/** In a time that does not depend on where they differ. */
function isSame(given: readonly string[], state: string): boolean {
  const [only = ''] = given;
  const one = Buffer.from(only);
  const other = Buffer.from(state);
  return given.length === 1 && one.length === other.length && timingSafeEqual(one, other);
}
