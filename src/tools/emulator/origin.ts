import { resolveClient } from '../../cli/client.js';
import type { ClientConfig } from '../../core/client-config.js';
import { GsacError } from '../../core/errors.js';
import type { Services } from '../../wiring.js';

/** The emulator that the client file leads to. @throws {GsacError} `usage` where it is Google. */
export async function findEmulator(
  services: Services,
): Promise<{ origin: string; client: ClientConfig }> {
  const { client, endpoints } = await resolveClient(services);
  if (endpoints.origin !== null) return { origin: endpoints.origin, client };
  throw new GsacError('usage', 'This client file points at Google, not at an emulator.', {
    hint: 'Use the client file that `gsac emulator start` wrote.',
  });
}
