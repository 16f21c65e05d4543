import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { readCount } from '../../cli/flags.js';
import type { Outcome, Output, Provided, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { clean, toJsonText } from '../../terminal/clean.js';
import type { EmulatorRequest } from './client.js';
import { openEmulator } from './find.js';

/** The flags of `gsac emulator requests`. */
export interface EmulatorRequestsOptions {
  path: string | undefined;
  /** Only so many, the newest. */
  limit: number | undefined;
  clear: boolean;
}

/** The JSON document of `gsac emulator requests`. */
export interface EmulatorRequestsResult {
  /** How many there were, also those that are forgotten. */
  count: number;
  requests: readonly Record<string, unknown>[];
}

const mostRequests = 5_000;
/** How often a follower asks, in milliseconds. */
const pauseMs = 250;

/** Declares `gsac emulator requests`. */
export function emulatorRequestsCommand(runtime: Runtime, list = runEmulatorRequests): Command {
  return new Command('requests')
    .summary('what the running emulator was asked')
    .description(
      'Print the requests that the running emulator answered, oldest first, the last 5,000. With ' +
        '--json, each has its form and its query, secrets masked.',
    )
    .option('--path <path>', 'only those of this path, such as /token')
    .option('--limit <count>', 'only the newest ones')
    .option('--follow', 'go on with each new request until Ctrl-C; with --json one document a line')
    .option('--clear', 'forget them after printing')
    .addHelpText('after', '\nExample:\n  $ gsac emulator requests --follow --path /token')
    .action((_options, inner: Command) => {
      const flags = inner.opts<Record<string, string | boolean | undefined>>();
      const { path, limit, clear, follow } = flags;
      const options = {
        path: path === undefined ? undefined : String(path),
        limit:
          limit === undefined
            ? undefined
            : readCount(String(limit), '--limit', { least: 1, most: mostRequests }),
        clear: clear === true,
      };
      if (follow !== true) return runtime.run(inner, (it) => list(options, it), renderRequests);
      if (options.clear) throw new GsacError('usage', '--follow and --clear exclude each other.');
      return runtime.stream(inner, (it, output) => followRequests(options, it, output));
    });
}

/** Reads the request log of the emulator that was found. @throws {GsacError} */
export async function runEmulatorRequests(
  { path, limit, clear }: EmulatorRequestsOptions,
  provided: Pick<Provided, 'context' | 'google'>,
): Promise<Outcome<EmulatorRequestsResult>> {
  const { origin, emulator } = await openEmulator(provided);
  const { count, requests } = await emulator.requests(origin, toQuery(path, limit));
  if (clear) await emulator.clearRequests(origin);
  return { result: { count, requests: requests.map(toDocument) } };
}

/** Prints the requests so far, and then each new one until the person or the emulator ends it. */
async function followRequests(
  { path, limit }: EmulatorRequestsOptions,
  provided: Pick<Provided, 'context' | 'google'>,
  output: Output,
): Promise<0> {
  const { context } = provided;
  const { signal } = context;
  const { origin, emulator } = await openEmulator(provided);
  const write = async (requests: readonly EmulatorRequest[]) => {
    const documents = requests.map(toDocument);
    const text = output.globals.json
      ? documents.map((one) => `${toJsonText(one)}\n`).join('')
      : renderRequests({ count: 0, requests: documents });
    if (text !== '') await output.write(text);
  };
  let { next, requests } = await emulator.requests(origin, toQuery(path, limit));
  await write(requests);
  while (!signal.aborted) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    const fresh = signal.aborted
      ? undefined
      : await emulator.requests(origin, { ...toQuery(path), after: next }).catch((thrown) => {
          // What was printed stands: that the emulator ends is how this ends, too.
          if (!(thrown instanceof GsacError)) throw thrown;
          if (!signal.aborted) context.notices.say(`The emulator at ${origin} has ended.`);
          return undefined;
        });
    if (fresh === undefined) return 0;
    // Somebody had it forget them; the next round finds those since.
    next = fresh.next < next ? 0 : fresh.next;
    ({ requests } = fresh);
    await write(requests);
  }
  return 0;
}

function toQuery(path?: string, limit?: number): { path?: string; limit?: number } {
  return { ...(path === undefined ? {} : { path }), ...(limit === undefined ? {} : { limit }) };
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
