import { join } from 'node:path';

/** The variable by which a process of the command is known that has lost its descent. */
export const markerName = 'GSAC_METADATA_RUN';

/** What the environment is made from. */
export interface EnvironmentParts {
  /** Host and port of the server, and its path if it has one. */
  address: string;
  /** A folder with nothing in it, so that gcloud's own credentials do not go first. */
  emptyFolder: string | undefined;
  /** The environment so far. */
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * What makes Google's client libraries ask the metadata server; undefined takes a variable away.
 *
 * Python reads GCE_METADATA_IP to find out and GCE_METADATA_HOST or _ROOT to ask; Node, Go, Java and newer
 * Ruby and .NET read GCE_METADATA_HOST. Python and Java look for gcloud's file in CLOUDSDK_CONFIG.
 */
export function toMetadataEnvironment({
  address,
  emptyFolder,
  env,
}: EnvironmentParts): Record<string, string | undefined> {
  const [authority = address] = address.split('/');
  const host = authority.replace(/:\d+$/, '');
  const direct = (value: string | undefined) =>
    [...(value ?? '').split(',').filter((entry) => entry.trim() !== ''), host].join(',');
  return {
    GCE_METADATA_HOST: address,
    GCE_METADATA_IP: address,
    GCE_METADATA_ROOT: address,
    METADATA_SERVER_DETECTION: 'assume-present',
    NO_PROXY: direct(env['NO_PROXY'] ?? env['no_proxy']),
    no_proxy: direct(env['no_proxy'] ?? env['NO_PROXY']),
    ...(emptyFolder === undefined ? {} : { CLOUDSDK_CONFIG: emptyFolder }),
    GOOGLE_APPLICATION_CREDENTIALS: undefined,
    NO_GCE_CHECK: undefined,
  };
}

/**
 * Where gcloud keeps the application default credentials of the person. Google's libraries for Node, Go
 * and Ruby look there whatever CLOUDSDK_CONFIG says.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function defaultCredentialsFile(
  homeDirectory: string,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const folder =
    platform === 'win32' ? (env['APPDATA'] ?? homeDirectory) : join(homeDirectory, '.config');
  return join(folder, 'gcloud', 'application_default_credentials.json');
}
