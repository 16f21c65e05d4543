const PREFIX = 'https://www.googleapis.com/auth/';

const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ['openid', 'openid'],
  ['email', `${PREFIX}userinfo.email`],
  ['profile', `${PREFIX}userinfo.profile`],
]);

/** Scope that lets `email` claims through, as answers name it. */
export const EMAIL_SCOPE = `${PREFIX}userinfo.email`;

/** Scope that lets the profile claims through, as answers name it. */
export const PROFILE_SCOPE = `${PREFIX}userinfo.profile`;

/** Scopes for which grants of an app in testing do not end after seven days. */
export const BASIC_SCOPES: ReadonlySet<string> = new Set(['openid', EMAIL_SCOPE, PROFILE_SCOPE]);

const APPFOLDER_SCOPES = [`${PREFIX}drive.appdata`, `${PREFIX}drive.appfolder`];
const DRIVE_SCOPES = [
  `${PREFIX}drive`,
  `${PREFIX}drive.file`,
  `${PREFIX}drive.readonly`,
  `${PREFIX}drive.metadata`,
  `${PREFIX}drive.metadata.readonly`,
];

/**
 * Expands one scope as Google's answers do: `email`, `profile` and bare names such as
 * `drive.appdata` become whole URLs. Does not check that the scope exists.
 */
export function expandScope(scope: string): string {
  const known = SHORTHANDS.get(scope);
  if (known !== undefined) return known;
  return scope.includes(':') ? scope : `${PREFIX}${scope}`;
}

/** Expands a list of scopes, dropping repetitions and keeping the order. */
export function expandScopes(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes.filter((scope) => scope !== '').map(expandScope))];
}

/** Tells which of Drive's spaces a set of scopes opens. */
export function driveSpaces(scopes: readonly string[]) {
  return {
    appDataFolder: APPFOLDER_SCOPES.some((scope) => scopes.includes(scope)),
    drive: DRIVE_SCOPES.some((scope) => scopes.includes(scope)),
  };
}
