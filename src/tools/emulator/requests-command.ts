import { Command } from 'commander';
import type { Outcome, Runtime } from '../../cli/runtime.js';
import { clean } from '../../terminal/clean.js';
import type { Services } from '../../wiring.js';
import { createEmulatorAdmin } from './admin.js';
import type { EmulatorRequest } from './admin-port.js';
import { findEmulator } from './origin.js';

/** The flags of `gsac emulator requests`. */
export interface EmulatorRequestsOptions {
  path: string | undefined;
  clear: boolean;
}

/** The JSON document of `gsac emulator requests`. */
export interface EmulatorRequestsResult {
  /** How many there were, also those that are forgotten. */
  count: number;
  requests: readonly Record<string, unknown>[];
}

/** Declares `gsac emulator requests`. */
export function emulatorRequestsCommand(runtime: Runtime, list = runEmulatorRequests): Command {
  return new Command('requests')
    .summary('what the running emulator was asked')
    .description(
      'Print the requests that the running emulator answered, oldest first, the last 5,000. With ' +
        '--json each has its form and query, secrets masked.',
    )
    .option('--path <path>', 'only those of this path, such as /token')
    .option('--clear', 'forget them after they are printed')
    .addHelpText('after', '\nExample:\n  $ gsac emulator requests --json --path /token | jq .count')
    .action((_options, inner: Command) => {
      const { path, clear } = inner.opts<{ path?: string; clear?: boolean }>();
      return runtime.run(
        inner,
        (services) => list({ path, clear: clear === true }, services),
        renderRequests,
      );
    });
}

/** Reads the request log of the emulator that the client file points at. @throws {GsacError} */
export async function runEmulatorRequests(
  { path, clear }: EmulatorRequestsOptions,
  services: Services,
): Promise<Outcome<EmulatorRequestsResult>> {
  const { origin } = await findEmulator(services);
  const admin = createEmulatorAdmin(await services.google.http(), services.now);
  const { count, requests } = await admin.requests(origin, path);
  if (clear) await admin.clearRequests(origin);
  return { result: { count, requests: requests.map(toDocument) } };
}

function toDocument(request: EmulatorRequest): Record<string, unknown> {
  const { at, milliseconds, grantType, clientId, ...rest } = request;
  return {
    // A clock can be set to what no date can be.
    at: Number.isFinite(new Date(at).getTime()) ? new Date(at).toISOString() : null,
    ...rest,
    duration_ms: Math.round(milliseconds * 10) / 10,
    grant_type: grantType,
    client_id: clientId,
  };
}

/** Writes one request a line: time, method, path, status, grant type, user. */
export function renderRequests({ requests }: EmulatorRequestsResult): string {
  return requests
    .map(({ at, method, path, status, grant_type: grantType, user, duration_ms: took }) => {
      const words = [at, method, path, status === 0 ? 'cut' : status, grantType, user];
      return `${clean([...words.filter((word) => word !== null && word !== ''), `${Math.round(Number(took))} ms`].join(' '))}\n`;
    })
    .join('');
}
