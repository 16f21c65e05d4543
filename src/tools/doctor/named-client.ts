import type { ClientConfig } from '../../core/client-config.js';
import type { Context } from '../../core/context.js';
import { type Endpoints, googleEndpoints } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';

/** The client that flags or variables name, and where gsac would send. */
export interface NamedClient {
  /** Undefined where none is named, where only its ID is, or where it cannot be used. */
  client: ClientConfig | undefined;
  error: GsacError | undefined;
  endpoints: Endpoints;
}

/** Reads the client that is named, without ever asking for a secret. */
export async function readNamedClient(
  context: Pick<Context, 'globals' | 'client'>,
): Promise<NamedClient> {
  try {
    const named = await context.client();
    return {
      client: context.globals.clientFile === undefined ? undefined : named?.client,
      endpoints: named?.endpoints ?? googleEndpoints,
      error: undefined,
    };
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    return { client: undefined, endpoints: googleEndpoints, error: thrown };
  }
}
