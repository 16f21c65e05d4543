import { runChild } from '../../cli/child.js';
import type { Output, Provided } from '../../cli/runtime.js';
import { createForwarder } from '../../intercept/forward.js';
import { startInterception } from '../../intercept/intercept.js';
import { Journal } from '../../intercept/journal.js';
import { collectRoots } from '../../intercept/roots.js';
import { createRunFolder } from '../../intercept/run-folder.js';
import { findHistory } from './account-history.js';
import { checkDocuments, type DocumentWish, writeDocuments } from './documents.js';
import { createWatchPolicy } from './policy.js';
import { createReport } from './report.js';
import { createTold, tellSummary } from './tell.js';
import { Watcher } from './watcher.js';

/** The flags of `gsac watch`. */
export interface WatchOptions {
  command: string;
  args: readonly string[];
  /** What is written at the end. */
  documents: readonly DocumentWish[];
  /** Whether a refusal turns an exit code of 0 into 6. */
  fail: boolean;
}

/**
 * Runs a program whose requests to Google pass through gsac, explains what is refused, and returns the
 * program's exit code.
 *
 * @throws {GsacError} exits 1 and 2 before it runs, 126 and 127 if it cannot be run, `output_failed` for
 *   a report that cannot be written.
 */
export async function runWatch(
  { command, args, documents, fail }: WatchOptions,
  provided: Provided,
  output: Output,
): Promise<number> {
  const { context, system } = provided;
  await checkDocuments(documents);
  const { env, platform, pid, userId, tmpDirectory: temporaryFolder, io } = system;
  const teller = { notices: context.notices, json: output.globals.json, io };
  const watcher = new Watcher(context, createTold(teller), (request) =>
    findHistory(request, provided),
  );
  const journal = new Journal();
  const startedAt = context.now();
  const folder = createRunFolder({ temporaryFolder, pid, userId, now: Date.now() });
  const forwarder = createForwarder({ env, ca: collectRoots(env) });
  let exitCode = 1;
  try {
    const interception = await startInterception({
      policy: createWatchPolicy({
        forwarder,
        now: context.now,
        see: (sighting) => watcher.see(sighting),
      }),
      folder,
      env,
      platform,
      userId,
      now: Date.now,
      program: system.program,
      ownPorts: [],
      observe: (event) => journal.add(event),
    });
    try {
      context.signal.throwIfAborted();
      exitCode = await runChild({ command, args, env: interception.env }, system);
    } finally {
      await interception.close();
    }
  } finally {
    forwarder.close();
    folder.remove();
  }
  await watcher.settled();
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
  await writeDocuments(documents, report, provided, output);
  return fail && exitCode === 0 && report.refusals.length > 0 ? 6 : exitCode;
}
