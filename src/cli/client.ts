import { needsSecret, type ResolvedClient } from '../core/client-config.js';
import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import { readNamedFile } from '../files/named-file.js';

/** What finding a client takes: the flags, what they name, and a person to ask for its secret. */
type Asking = Pick<Context, 'globals' | 'client' | 'prompts'>;

/**
 * The client that `--client`, `--client-id` or their variables name.
 *
 * @throws {GsacError} exit 2 for whatever is wrong with it; nothing was sent.
 */
export async function resolveClient(context: Asking): Promise<ResolvedClient> {
  const named = await context.client();
  if (named === undefined) {
    throw new GsacError('client_required', 'No OAuth client was named.', {
      hint: 'Give --client <client_secret_*.json> (Cloud console, Clients, "Web application"), or set GSAC_CLIENT. Without a Google account, try `gsac emulator start`.',
    });
  }
  const { client, endpoints } = named;
  const { clientFile } = context.globals;
  if (clientFile !== undefined && (client.clientSecret !== undefined || !needsSecret(client))) {
    return named;
  }
  return { client: { ...client, clientSecret: await findClientSecret(context) }, endpoints };
}

/** A client file as it can be downloaded later on may lack the secret, which is shown once. */
async function findClientSecret({ globals, prompts }: Omit<Asking, 'client'>): Promise<string> {
  const { clientFile, clientSecret, clientSecretFile } = globals;
  const secret =
    clientSecretFile !== undefined
      ? await readNamedFile(clientSecretFile, 'client_file_unreadable')
      : (clientSecret ?? (prompts.possible ? await prompts.secret('Client secret:') : undefined));
  if (secret !== undefined && /\S\s+\S/.test(secret)) {
    throw new GsacError('client_file_invalid', 'The client secret holds blanks or several lines.', {
      hint: 'The file must hold only the secret; for a client_secret_*.json use --client.',
    });
  }
  if (secret !== undefined && secret.trim() !== '') return secret.trim();
  if (clientFile !== undefined) {
    throw new GsacError('client_secret_required', `${clientFile} has no client_secret.`, {
      hint: 'Set GSAC_CLIENT_SECRET, or use the file that you downloaded when you created the client or its secret (Cloud console, Clients).',
    });
  }
  throw new GsacError('client_secret_required', 'The client has no secret.', {
    hint: 'Set GSAC_CLIENT_SECRET, or give --client-secret-file <file> or --client <client_secret_*.json>. gsac takes no secret from a flag.',
  });
}
