/** What opens the store or is a credential itself: no program that gsac starts needs any of it. */
export const ownSecrets: readonly string[] = [
  'GSAC_PASSPHRASE',
  'GSAC_FILE_KEY',
  'GSAC_CLIENT_SECRET',
  'GSAC_REFRESH_TOKEN',
  'GSAC_CREDENTIALS',
];

/**
 * An environment without gsac's own secrets, for the programs that gsac starts. Names are compared
 * without regard to case, as Windows has them.
 */
export function withoutOwnSecrets<T>(env: Readonly<Record<string, T>>): Record<string, T> {
  const kept = Object.entries(env).filter(([name]) => !ownSecrets.includes(name.toUpperCase()));
  return Object.fromEntries(kept);
}
