import { resolve } from 'node:path';
import { runChild, writeAfterwards } from '../../cli/child.js';
import type { Output, Provided } from '../../cli/runtime.js';
import { type ClientConfig, parseClientFile } from '../../core/client-config.js';
import { toEndpoints } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import type { StandIn, StandInSettings } from '../../emulator/stand-in.js';
import type { ClientSeed } from '../../emulator/state/model.js';
import { readNamedFile } from '../../files/named-file.js';
import { writeReportFile } from '../../files/secret-file.js';
import { proveFileTarget } from '../../files/target.js';
import { Counter, Journal } from '../../intercept/journal.js';
import type { InterceptionEvent } from '../../intercept/policy.js';
import { type RunningEmulator, startEmulator } from './host.js';
import { createPageParts } from './page-parts.js';
import { createReport, type NotEmulated, tellReport, toNotEmulated } from './run-report.js';
import { openStandIn, storeOf } from './stand-in.js';
import type { EmulatorMakeup } from './start-options.js';

/** The flags of `gsac emulator run`. */
export interface EmulatorRunOptions extends EmulatorMakeup {
  command: string;
  args: readonly string[];
  /** `--client`: a file whose client the emulator takes for its own. */
  client: string | undefined;
  /** Google's hosts that are left alone. */
  passThrough: readonly string[];
  /** The path of a report. */
  report: string | undefined;
}

/**
 * Runs a program between whom and Google an emulator stands, and returns its exit code: 6 in the place
 * of 0 if it asked nothing of Google.
 *
 * @throws {GsacError} exits 1 and 2 before it runs, 126 and 127 if it cannot be run.
 */
export async function runEmulatorRun(
  options: EmulatorRunOptions,
  provided: Pick<Provided, 'context' | 'system'>,
  output: Output,
): Promise<number> {
  const { command, args, report, passThrough, serviceAccountOut } = options;
  const { context, system } = provided;
  if (report !== undefined) await proveFileTarget(report);
  const journal = new Journal();
  const missing = new Counter<NotEmulated>();
  const running = await start(options, provided);
  let standIn: StandIn | undefined;
  let exitCode = 1;
  let saved: Promise<void> | undefined;
  try {
    const onMissing: StandInSettings['onMissing'] = (request, host) =>
      missing.add(toNotEmulated(request, host));
    const observe = (event: InterceptionEvent) => journal.add(event);
    standIn = await openStandIn(running, { passThrough, onMissing, observe }, provided);
    context.signal.throwIfAborted();
    const env = {
      ...standIn.env,
      ...storeOf(standIn.interception.folder, system.env),
      ...(serviceAccountOut === undefined
        ? {}
        : { GOOGLE_APPLICATION_CREDENTIALS: resolve(serviceAccountOut) }),
    };
    if (serviceAccountOut !== undefined) {
      const { writeServiceAccountFile } = await import('./client-files.js');
      await writeServiceAccountFile(
        serviceAccountOut,
        running.serviceAccountFile(true),
        context.signal,
      );
    }
    exitCode = await runChild({ command, args, env }, system);
  } finally {
    await standIn?.interception.close();
    saved = running.close();
    // Told below, once the command's own end is known.
    await saved.catch(() => undefined);
  }
  const asked = running.emulator.requests.count();
  const found = createReport({ command, exit_code: exitCode }, asked, journal.tally, missing);
  const told = { notices: context.notices, json: output.globals.json };
  tellReport(found, { ...told, system });
  if (exitCode === 0 && found.requests.total === 0) exitCode = 6;
  const ending = { ...told, io: system.io };
  exitCode = await writeAfterwards({ ...ending, exitCode }, async () => saved);
  if (report === undefined) return exitCode;
  const text = `${JSON.stringify(found, null, 2)}\n`;
  return writeAfterwards({ ...ending, exitCode }, () =>
    writeReportFile(report, text, context.signal),
  );
}

async function start(
  { client, ...settings }: EmulatorRunOptions,
  { context, system }: Pick<Provided, 'context' | 'system'>,
): Promise<RunningEmulator> {
  const own = client === undefined ? undefined : await readOwnClient(client);
  return startEmulator({
    ...settings,
    clientType: own?.kind === 'installed' ? 'desktop' : settings.clientType,
    adopted: own,
    host: '127.0.0.1',
    port: 0,
    onRequest: () => undefined,
    page: createPageParts(context.diagnose, undefined),
    onStateFailure: (sentence) => context.notices.warn(sentence),
    ownProcess: system.ownsProcess === true,
  });
}

async function readOwnClient(path: string): Promise<ClientSeed> {
  const client = parseClientFile(await readNamedFile(path, 'client_file_unreadable'), path);
  if (toEndpoints(client.tokenUri).origin !== null) {
    throw new GsacError('usage', `${path} points at an emulator, not at Google.`, {
      hint: 'Name the client file of your app, or leave --client out for a client of the emulator’s.',
    });
  }
  return toSeed(client);
}

function toSeed(client: ClientConfig): ClientSeed {
  const { clientId, clientSecret, redirectUris, javascriptOrigins, type } = client;
  return {
    clientId,
    kind: type === 'installed' ? 'installed' : 'web',
    redirectUris,
    ...(javascriptOrigins === undefined ? {} : { javascriptOrigins }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
}
