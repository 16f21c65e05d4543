const shorthands: Readonly<Record<string, string>> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

/** The scope of the application data folder. @see https://developers.google.com/drive/api/guides/appdata */
export const appDataScope = 'https://www.googleapis.com/auth/drive.appdata';

/**
 * A scope as Google writes it in answers: `email` and `profile` are expanded, a bare Google API
 * name such as `drive.appdata` gets its address, `openid` and full addresses stay as they are.
 */
export function expandScope(scope: string): string {
  if (scope === 'openid' || scope.includes('/')) return scope;
  const known = Object.hasOwn(shorthands, scope) ? shorthands[scope] : undefined;
  return known ?? `https://www.googleapis.com/auth/${scope}`;
}

/** What a sign-in asks for where nobody says: who it is, and the application data folder. */
export const usualScopes: readonly string[] = ['openid', 'email', 'profile', 'drive.appdata'];

/**
 * The scopes of an authorization request, each once. The three of OpenID Connect have no address;
 * Google takes no other short name.
 */
export function toRequestedScopes(scopes: readonly string[]): string[] {
  const isShort = (scope: string) => ['openid', 'email', 'profile'].includes(scope);
  return [...new Set(scopes.map((scope) => (isShort(scope) ? scope : expandScope(scope))))];
}

/** The scopes of a list as people write it, with blanks or commas between, each once, in its order. */
export function parseScopes(list: string): string[] {
  return [...new Set(list.split(/[\s,]+/).filter((scope) => scope !== ''))];
}

/**
 * The scopes of a server's list, each once, in its order. Blanks alone part them: one with commas names
 * scopes that nobody knows.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function parseGrantedScopes(list: string): string[] {
  return [...new Set(list.split(/\s+/).filter((scope) => scope !== ''))];
}

/** Which of the expected scopes were not granted; whole scopes are compared, never parts. */
export function missingScopes(expected: readonly string[], granted: readonly string[]): string[] {
  const have = new Set(granted.map(expandScope));
  return expected.map(expandScope).filter((scope) => !have.has(scope));
}
