import type { EmulatorState } from './state.js';

/**
 * What the Cloud console gives out as `client_secret_*.json`, with every URI on the emulator.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred
 */
export interface ClientFile {
  readonly web: {
    readonly client_id: string;
    readonly project_id: string;
    readonly auth_uri: string;
    readonly token_uri: string;
    readonly auth_provider_x509_cert_url: string;
    readonly client_secret: string;
    readonly redirect_uris: readonly string[];
    readonly javascript_origins: readonly string[];
  };
}

/** Makes the file of a web client, the first one without an id; undefined where there is none. */
export function createClientFile(
  state: EmulatorState,
  origin: string,
  clientId?: string | null,
): ClientFile | undefined {
  const webClients = [...state.clients.values()].filter(({ kind }) => kind === 'web');
  const client = clientId ? webClients.find((one) => one.clientId === clientId) : webClients[0];
  if (!client) return undefined;
  return {
    web: {
      client_id: client.clientId,
      project_id: client.project.id,
      auth_uri: `${origin}/o/oauth2/auth`,
      token_uri: `${origin}/token`,
      auth_provider_x509_cert_url: `${origin}/oauth2/v1/certs`,
      client_secret: client.clientSecret ?? '',
      redirect_uris: client.redirectUris,
      javascript_origins: client.javascriptOrigins,
    },
  };
}
