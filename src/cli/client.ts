import type { ResolvedClient } from '../core/client-config.js';
import {
  type ClientConfig,
  checkClientId,
  needsSecret,
  parseClientFile,
} from '../core/client-config.js';
import { googleEndpoints, googleTokenUri, toEndpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { readNamedFile } from '../files/named-file.js';
import type { Provided } from './runtime.js';

/** What a client is found by. */
type Naming = Pick<Provided, 'context'>;

/**
 * The client that `--client`, `--client-id` or their variables name.
 *
 * @throws {GsacError} exit 2 for whatever is wrong with it; nothing was sent.
 */
export async function resolveClient({ context }: Naming): Promise<ResolvedClient> {
  const { globals } = context;
  if (globals.clientFile !== undefined) {
    const { client, endpoints } = await resolveClientFile({ context }, globals.clientFile);
    return { client: await withSecret({ context }, client, globals.clientFile), endpoints };
  }
  const client =
    globals.clientId !== undefined ? await clientById({ context }, globals.clientId) : undefined;
  if (client === undefined) {
    throw new GsacError('client_required', 'No OAuth client was named.', {
      hint: 'Give --client <client_secret_*.json> (Cloud console, Clients, "Web application"), or set GSAC_CLIENT. Without a Google account, try `gsac emulator start`.',
    });
  }
  return { client, endpoints: toEndpoints(client.tokenUri, globals.allowedTokenUris) };
}

/**
 * The client if one is named, else undefined. For what sends nothing as that client: one that is
 * named by its ID, or whose file lacks it, has no secret here, and none is asked for.
 *
 * @throws {GsacError} exit 2 for whatever else is wrong with it.
 */
export async function resolveClientIfNamed({
  context,
}: Naming): Promise<ResolvedClient | undefined> {
  const { clientFile, clientId } = context.globals;
  if (clientFile !== undefined) return resolveClientFile({ context }, clientFile);
  if (clientId === undefined) return undefined;
  checkClientId(clientId, '--client-id');
  const client = { clientId, tokenUri: googleTokenUri, redirectUris: [], type: null };
  return { client, endpoints: googleEndpoints };
}

async function resolveClientFile({ context }: Naming, path: string): Promise<ResolvedClient> {
  const text = await readNamedFile(path, 'client_file_unreadable');
  const client = parseClientFile(text, path);
  return { client, endpoints: toEndpoints(client.tokenUri, context.globals.allowedTokenUris) };
}

/** A client file as it can be downloaded later on may lack the secret, which is shown once. */
async function withSecret(
  { context }: Naming,
  client: ClientConfig,
  path: string,
): Promise<ClientConfig> {
  if (client.clientSecret !== undefined || !needsSecret(client)) return client;
  const clientSecret = await findClientSecret(
    { context },
    {
      message: `${path} has no client_secret.`,
      hint: 'Set GSAC_CLIENT_SECRET, or take the file that was downloaded when the client or its secret was made (Cloud console, Clients).',
    },
  );
  return { ...client, clientSecret };
}

async function clientById({ context }: Naming, clientId: string): Promise<ClientConfig> {
  checkClientId(clientId, '--client-id');
  const clientSecret = await findClientSecret({ context });
  return { clientId, clientSecret, tokenUri: googleTokenUri, redirectUris: [], type: null };
}

const noSecret = {
  message: 'The client has no secret.',
  hint: 'Set GSAC_CLIENT_SECRET, or give --client-secret-file <file> or --client <client_secret_*.json>. A secret is never taken from a flag.',
};

async function findClientSecret(
  { context }: Naming,
  { message, hint } = noSecret,
): Promise<string> {
  const { clientSecret, clientSecretFile } = context.globals;
  const secret =
    clientSecretFile !== undefined
      ? await readNamedFile(clientSecretFile, 'client_file_unreadable')
      : (clientSecret ??
        (context.prompts.possible ? await context.prompts.secret('Client secret:') : undefined));
  if (secret !== undefined && /\S\s+\S/.test(secret)) {
    throw new GsacError('client_file_invalid', 'The client secret holds blanks or several lines.', {
      hint: 'The file holds the secret and nothing else; a client_secret_*.json goes with --client.',
    });
  }
  if (secret !== undefined && secret.trim() !== '') return secret.trim();
  throw new GsacError('client_secret_required', message, { hint });
}
