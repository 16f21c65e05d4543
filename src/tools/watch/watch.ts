import { runChild } from '../../cli/child.js';
import type { Output, Provided } from '../../cli/runtime.js';
import { createForwarder } from '../../intercept/forward.js';
import { startInterception } from '../../intercept/intercept.js';
import { Journal } from '../../intercept/journal.js';
import { collectRoots } from '../../intercept/roots.js';
import { toJsonText } from '../../terminal/clean.js';
import { findHistory } from './account-history.js';
import { checkDocuments, type DocumentWish, writeDocuments } from './documents.js';
import type { WatchPage } from './page-server.js';
import { createWatchPolicy } from './policy.js';
import { createReport } from './report.js';
import { createTold, type Teller, tellSummary } from './tell.js';
import { Watcher } from './watcher.js';

/** The flags of `gsac watch`. */
export interface WatchOptions {
  command: string;
  args: readonly string[];
  /** What is written at the end. */
  documents: readonly DocumentWish[];
  /** Whether a refusal turns an exit code of 0 into 6. */
  fail: boolean;
  /** Whether a page in the browser shows what happens. */
  ui: boolean;
}

/**
 * Runs a program whose requests to Google pass through gsac, explains what is refused, and returns the
 * program's exit code.
 *
 * @throws {GsacError} exits 1 and 2 before it runs, 126 and 127 if it cannot be run.
 */
export async function runWatch(
  { command, args, documents, fail, ui }: WatchOptions,
  provided: Provided,
  output: Output,
): Promise<number> {
  const { context, system } = provided;
  await checkDocuments(documents);
  const { env, io } = system;
  const teller = { notices: context.notices, json: output.globals.json, io };
  const page = ui ? await openPage(command, teller, context.now) : undefined;
  const told = [createTold(teller), ...(page === undefined ? [] : [page.told])];
  const watcher = new Watcher(context, told, (request) => findHistory(request, provided));
  const journal = new Journal();
  const startedAt = context.now();
  const forwarder = createForwarder({ env, ca: collectRoots(env) });
  let exitCode = 1;
  try {
    const interception = await startInterception({
      policy: createWatchPolicy({
        forwarder,
        now: context.now,
        see: (sighting) => watcher.see(sighting),
      }),
      world: system,
      observe: (event) => journal.add(event),
    });
    try {
      context.signal.throwIfAborted();
      exitCode = await runChild({ command, args, env: interception.env }, system);
    } finally {
      await interception.close();
    }
    await watcher.settled();
  } finally {
    await page?.close();
    forwarder.close();
  }
  const report = createReport(watcher, {
    version: context.version,
    // Its arguments may hold a secret.
    command,
    exitCode,
    startedAt,
    durationMs: context.now() - startedAt,
    tally: journal.tally,
  });
  tellSummary(report, teller);
  if (fail && exitCode === 0 && report.refusals.length > 0) exitCode = 6;
  return writeDocuments(documents, report, { ...teller, exitCode }, context, output);
}

/** Opens the page and tells its address, with `--quiet`, too: nobody could find it otherwise. */
async function openPage(
  command: string,
  { notices, json, io }: Teller,
  now: () => number,
): Promise<WatchPage> {
  const { openWatchPage } = await import('./page-server.js');
  const page = await openWatchPage(command, now);
  const { address } = page;
  if (json) io.writeStderr(`${toJsonText({ event: 'page', url: address })}\n`);
  else notices.ask(`gsac: To look at the requests in a browser: ${address}`);
  return page;
}
