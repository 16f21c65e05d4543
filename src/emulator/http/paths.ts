/** Which part of Google a path belongs to; faults choose their requests by it. */
export type Family =
  | 'token'
  | 'revoke'
  | 'tokeninfo'
  | 'userinfo'
  | 'certs'
  | 'drive'
  | 'authorize'
  | 'device'
  | 'gsi'
  | 'emulator'
  | 'other';

/**
 * The paths that belong to one part of Google each, the present one first: routes are made of them, and
 * faults find their requests by them. Parts that have a whole tree of paths are not in here.
 */
export const PATHS = {
  token: ['/token', '/o/oauth2/token', '/oauth2/v3/token', '/oauth2/v4/token'],
  authorize: ['/o/oauth2/v2/auth', '/o/oauth2/auth'],
  device: ['/device/code', '/o/oauth2/device/code'],
  revoke: ['/revoke', '/o/oauth2/revoke'],
  tokeninfo: ['/tokeninfo', '/oauth2/v3/tokeninfo', '/oauth2/v1/tokeninfo'],
  userinfo: ['/v1/userinfo', '/oauth2/v3/userinfo', '/oauth2/v2/userinfo', '/userinfo/v2/me'],
  certs: ['/oauth2/v3/certs', '/oauth2/v1/certs'],
} as const satisfies Partial<Record<Family, readonly string[]>>;

/** Writes the paths of one part for a listing: `/token (also /o/oauth2/token)`. */
export function listPaths([present, ...older]: readonly string[]): string {
  return `${present} (also ${older.join(', ')})`;
}

const FAMILIES: ReadonlyMap<string, Family> = new Map(
  Object.entries(PATHS).flatMap(([family, paths]) =>
    paths.map((path): [string, Family] => [path, family as keyof typeof PATHS]),
  ),
);

/** The parts of Google that are asked without a token or a client: nobody can tell who asks. */
export const ANONYMOUS: readonly Family[] = ['certs', 'other'];

/** Tells which part of Google answers a path. */
export function familyOf(path: string): Family {
  const family = FAMILIES.get(path);
  if (family !== undefined) return family;
  if (path.startsWith('/drive/') || path.startsWith('/upload/drive/')) return 'drive';
  if (path.startsWith('/gsi/')) return 'gsi';
  if (path === '/_emulator' || path.startsWith('/_emulator/')) return 'emulator';
  return 'other';
}

/** Whether a request was sent to Google itself, and led here by a proxy. */
export function isForGoogle({ url }: { readonly url: URL }): boolean {
  return (
    url.protocol === 'https:' &&
    /(^|\.)(google|googleapis|googleusercontent)\.com$/.test(url.hostname)
  );
}
