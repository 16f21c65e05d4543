import { checkClientId, parseClientFile, type ResolvedClient } from '../core/client-config.js';
import type { Globals } from '../core/context.js';
import { googleEndpoints, googleTokenUri, toEndpoints } from '../core/endpoints.js';
import { readNamedFile } from './named-file.js';

/**
 * The client that `--client`, `--client-id` or their variables name; undefined if none is named. One
 * that is named by its ID, or whose file lacks it, has no secret here, and none is asked for.
 *
 * @throws {GsacError} exit 2 for whatever is wrong with it.
 */
export async function loadClient({
  clientFile,
  clientId,
  clientFrom,
  allowedTokenUris,
}: Pick<Globals, 'clientFile' | 'clientId' | 'clientFrom' | 'allowedTokenUris'>): Promise<
  ResolvedClient | undefined
> {
  if (clientFile !== undefined) {
    const text = await readNamedFile(clientFile, 'client_file_unreadable');
    const client = parseClientFile(text, clientFile);
    return { client, endpoints: toEndpoints(client.tokenUri, allowedTokenUris) };
  }
  if (clientId === undefined) return undefined;
  checkClientId(clientId, clientFrom ?? '--client-id');
  const client = { clientId, tokenUri: googleTokenUri, redirectUris: [], type: null };
  return { client, endpoints: googleEndpoints };
}
