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
  return shorthands[scope] ?? `https://www.googleapis.com/auth/${scope}`;
}

/** The scopes of a space-separated list, each once, in the order given. */
export function parseScopes(list: string): string[] {
  return [...new Set(list.split(/[\s,]+/).filter((scope) => scope !== ''))];
}

/** Which of the expected scopes were not granted; whole scopes are compared, never parts. */
export function missingScopes(expected: readonly string[], granted: readonly string[]): string[] {
  const have = new Set(granted.map(expandScope));
  return expected.map(expandScope).filter((scope) => !have.has(scope));
}
