import type { Roots } from '../http/google-hosts.js';
import type { EmulatorClient } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';

/** The section of a client file. */
interface ClientSection {
  readonly client_id: string;
  readonly project_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
}

/**
 * What the Cloud console gives out as `client_secret_*.json`, with every URI on the emulator.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred
 */
export interface ClientFile {
  readonly web: ClientSection & { readonly javascript_origins: readonly string[] };
}

/** The same of a desktop client, and of one for TVs and limited-input devices. */
export interface DesktopClientFile {
  readonly installed: ClientSection;
}

/** Makes the file of a web client, the first one without an id; undefined where there is none. */
export function createClientFile(
  state: EmulatorState,
  origin: string,
  clientId?: string,
): ClientFile | undefined {
  const client = findClient(state, 'web', clientId);
  const { javascriptOrigins = [] } = client ?? {};
  return client && { web: { ...toSection(client, origin), javascript_origins: javascriptOrigins } };
}

/** Makes the file of a client of desktops or devices, as {@link createClientFile} does. */
export function createDesktopClientFile(
  state: EmulatorState,
  origin: string,
  kind: 'installed' | 'device',
  clientId?: string,
): DesktopClientFile | undefined {
  const client = findClient(state, kind, clientId);
  return client && { installed: toSection(client, origin) };
}

/**
 * What the Cloud console gives out as the key of a service account, with every URI on the emulator.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#creatinganaccount
 */
export interface ServiceAccountFile {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: 'googleapis.com';
}

/** Makes the file of a service account, the first one without an email; undefined where there is none. */
export function createServiceAccountFile(
  state: EmulatorState,
  { accounts, oauth2, apis }: Roots,
  email?: string,
): ServiceAccountFile | undefined {
  const [first] = state.serviceAccounts.values();
  const account = email === undefined ? first : state.serviceAccounts.get(email);
  if (account === undefined) return undefined;
  return {
    type: 'service_account',
    project_id: account.client.project.id,
    private_key_id: account.key.kid,
    private_key: account.key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    client_email: account.email,
    client_id: account.client.clientId,
    auth_uri: `${accounts}/o/oauth2/auth`,
    token_uri: `${oauth2}/token`,
    auth_provider_x509_cert_url: `${apis}/oauth2/v1/certs`,
    client_x509_cert_url: `${apis}/robot/v1/metadata/x509/${encodeURIComponent(account.email)}`,
    universe_domain: 'googleapis.com',
  };
}

function findClient(
  state: EmulatorState,
  wanted: EmulatorClient['kind'],
  clientId: string | undefined,
): EmulatorClient | undefined {
  const clients = [...state.clients.values()].filter(({ kind }) => kind === wanted);
  return clientId ? clients.find((one) => one.clientId === clientId) : clients[0];
}

function toSection(client: EmulatorClient, origin: string): ClientSection {
  return {
    client_id: client.clientId,
    project_id: client.project.id,
    auth_uri: `${origin}/o/oauth2/auth`,
    token_uri: `${origin}/token`,
    auth_provider_x509_cert_url: `${origin}/oauth2/v1/certs`,
    client_secret: client.clientSecret ?? '',
    redirect_uris: client.redirectUris,
  };
}
