import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { readCount } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { toTenths } from '../../core/times.js';
import type { RequestEntry } from '../../emulator/http/log.js';
import { clean, toJsonText } from '../../terminal/clean.js';
import { asking, openEmulator } from './find.js';

/** Which requests are printed. */
interface Wanted {
  path?: string;
  /** Only so many, the newest. */
  limit?: number;
}

const mostRequests = 5_000;
/** How often a follower asks, in milliseconds. */
const pauseMs = 250;

/** Declares `gsac emulator requests`. */
export function emulatorRequestsCommand(runtime: Runtime): Command {
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
      const { path, limit, clear, follow } = inner.opts<Record<string, string | true>>();
      const wanted: Wanted = {
        ...(path === undefined ? {} : { path: String(path) }),
        ...(limit === undefined
          ? {}
          : { limit: readCount(String(limit), '--limit', { least: 1, most: mostRequests }) }),
      };
      if (follow && clear) throw new GsacError('usage', '--follow and --clear exclude each other.');
      if (follow) return runtime.stream(inner, (it, output) => followRequests(wanted, it, output));
      return runtime.run(
        inner,
        asking(async ({ emulator }) => {
          const { count, requests } = await emulator.requests(wanted);
          if (clear) await emulator.clearRequests();
          return { count, requests: requests.map(toDocument) };
        }),
        ({ requests }) => renderRequests(requests),
      );
    });
}

/** Prints the requests so far, and then each new one until the person or the emulator ends it. */
async function followRequests(
  wanted: Wanted,
  provided: Pick<Provided, 'context' | 'google'>,
  output: Output,
): Promise<0> {
  const { context } = provided;
  const { signal } = context;
  const { origin, emulator } = await openEmulator(provided);
  const write = async (requests: readonly RequestEntry[]) => {
    const documents = requests.map(toDocument);
    const text = output.globals.json
      ? documents.map((one) => `${toJsonText(one)}\n`).join('')
      : renderRequests(documents);
    if (text !== '') await output.write(text);
  };
  const newer = async (after: number) => {
    const { next, requests } = await emulator.requests({ ...wanted, limit: undefined, after });
    // Somebody had it forget them; the next round finds those since.
    return { next: next < after ? 0 : next, requests };
  };
  let { next, requests } = await emulator.requests(wanted);
  await write(requests);
  let hasFailed = false;
  while (!signal.aborted) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return 0;
    try {
      ({ next, requests } = await newer(next));
      hasFailed = false;
    } catch (thrown) {
      if (signal.aborted) return 0;
      if (thrown instanceof GsacError && thrown.code === 'network_unreachable') {
        // What was printed stands: that the emulator ends is how this ends, too.
        context.notices.say(`The emulator at ${origin} has ended.`);
        return 0;
      }
      // A connection may break, and an emulator that ends breaks it, too.
      if (hasFailed) throw thrown;
      hasFailed = true;
      continue;
    }
    await write(requests);
  }
  return 0;
}

function toDocument(entry: RequestEntry) {
  const { at, method, path, status, auth, form, query, milliseconds } = entry;
  return {
    // A clock can be set to what no date can be.
    at: Number.isFinite(new Date(at).getTime()) ? new Date(at).toISOString() : null,
    method,
    path,
    status,
    user: entry.user ?? null,
    auth,
    form,
    query,
    duration_ms: toTenths(milliseconds),
    grant_type: entry.grantType ?? null,
    client_id: entry.clientId ?? null,
  };
}

/** Writes one request a line: time, method, path, status, grant type, user. */
function renderRequests(requests: readonly ReturnType<typeof toDocument>[]): string {
  return requests
    .map(({ at, method, path, status, grant_type: grantType, user, duration_ms: took }) => {
      const words = [at, method, path, status === 0 ? 'cut' : status, grantType, user];
      return `${clean([...words.filter((word) => word !== null && word !== ''), `${Math.round(took)} ms`].join(' '))}\n`;
    })
    .join('');
}
