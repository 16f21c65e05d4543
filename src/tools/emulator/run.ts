import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runChild } from '../../cli/child.js';
import type { Output, Provided } from '../../cli/runtime.js';
import { type ClientConfig, emulatorField, parseClientFile } from '../../core/client-config.js';
import { googleEndpoints, toEndpoints } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import { toListener } from '../../emulator/serve.js';
import type { ClientSeed } from '../../emulator/state/model.js';
import { readNamedFile } from '../../files/named-file.js';
import { matchesHost } from '../../intercept/hosts.js';
import { type Interception, startInterception } from '../../intercept/intercept.js';
import { Journal } from '../../intercept/journal.js';
import type { Policy } from '../../intercept/policy.js';
import { createRunFolder, type RunFolder } from '../../intercept/run-folder.js';
import { type RunningEmulator, startEmulator } from './host.js';
import { createReport, Missing, tellReport } from './run-report.js';
import type { EmulatorMakeup } from './start-options.js';

const maxConfigBytes = 16 * 1024 * 1024;

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
  const { command, args, report } = options;
  const { context, system } = provided;
  const journal = new Journal();
  const missing = new Missing();
  const stand = await standIn(options, provided, { journal, missing });
  let exitCode = 1;
  try {
    context.signal.throwIfAborted();
    exitCode = await runChild({ command, args, env: stand.env }, system);
  } finally {
    await stand.close();
  }
  const asked = stand.emulator.requests.count();
  const found = createReport({ command, exitCode, asked, tally: journal.tally, missing });
  if (report !== undefined) {
    const { overwriteNamedFile } = await import('../../files/secret-file.js');
    await overwriteNamedFile(
      report,
      `${JSON.stringify(found, null, 2)}\n`,
      context.signal,
      () => true,
    );
  }
  tellReport(found, { ...context, json: output.globals.json, system });
  return exitCode === 0 && found.requests.total === 0 ? 6 : exitCode;
}

/** An emulator in Google's place, and the environment that leads programs to it. */
interface StandIn {
  readonly emulator: RunningEmulator['emulator'];
  readonly env: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

async function standIn(
  { client, passThrough, config: name, ...settings }: EmulatorRunOptions,
  { context, system }: Pick<Provided, 'context' | 'system'>,
  { journal, missing }: { journal: Journal; missing: Missing },
): Promise<StandIn> {
  const own = client === undefined ? undefined : await readOwnClient(client);
  const config =
    name === undefined
      ? undefined
      : { name, text: await readNamedFile(name, 'usage', maxConfigBytes) };
  const running = await startEmulator({
    ...settings,
    clientType: own?.kind === 'installed' ? 'desktop' : settings.clientType,
    adopted: own,
    config,
    host: '127.0.0.1',
    port: 0,
    onRequest: () => undefined,
    onStateFailure: (sentence) => context.notices.warn(sentence),
    ownProcess: system.ownsProcess === true,
  });
  let folder: RunFolder | undefined;
  let interception: Interception | undefined;
  const close = async () => {
    await interception?.close();
    folder?.remove();
    await running.close();
  };
  try {
    folder = createRunFolder({
      temporaryFolder: system.tmpDirectory,
      pid: system.pid,
      userId: system.userId,
      now: Date.now(),
    });
    interception = await startInterception({
      policy: toPolicy(running, passThrough, missing),
      folder,
      env: system.env,
      platform: system.platform,
      userId: system.userId,
      // Programs judge certificates by the machine's clock, whatever the emulator's is.
      now: Date.now,
      program: system.program,
      ownPorts: [Number(new URL(running.origin).port)],
      observe: (event) => journal.add(event),
    });
    const clientFile = folder.write('client_secret.json', withGoogleUris(running));
    return {
      emulator: running.emulator,
      env: {
        ...interception.env,
        ...storeOf(folder, system.env),
        GSAC_EMULATOR: running.origin,
        GSAC_CLIENT: clientFile,
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Has the emulator answer for Google, and notes what it does not have. */
export function toPolicy(
  { emulator }: Pick<RunningEmulator, 'emulator'>,
  passThrough: readonly string[],
  missing: Missing,
): Policy {
  // No page of its own is served under Google's names.
  const listener = toListener(emulator, { guard: { hosts: [] }, ownProcess: false });
  return {
    unreadable: 'refuse',
    passesThrough: (host) => passThrough.some((pattern) => matchesHost(pattern, host)),
    answer(request, response, host) {
      response.once('finish', () => {
        if (response.statusCode === 501) missing.add(request, host);
      });
      listener(request, response);
    },
  };
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

function toSeed({ clientId, clientSecret, redirectUris, type }: ClientConfig): ClientSeed {
  return {
    clientId,
    kind: type === 'installed' ? 'installed' : 'web',
    redirectUris,
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
}

/** The client file as the Cloud console would give it out, and a word for gsac of where it really leads. */
function withGoogleUris({ clientFile, origin }: RunningEmulator): string {
  const file: Record<string, Record<string, unknown>> = JSON.parse(clientFile);
  const sections = Object.entries(file).map(([type, section]) => [
    type,
    {
      ...section,
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: googleEndpoints.token,
      auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
      [emulatorField]: origin,
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(sections), null, 2)}\n`;
}

/**
 * A store of this run for gsac itself, unless the person has named a home. What the environment holds
 * came from Google: naming a store keeps gsac from taking it.
 */
function storeOf(
  folder: RunFolder,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  if (env['GSAC_HOME']) {
    const store = env['GSAC_STORE'];
    return { GSAC_STORE: store && store !== 'env' ? store : 'keychain' };
  }
  return {
    GSAC_HOME: join(folder.path, 'home'),
    GSAC_STORE: 'file',
    GSAC_FILE_KEY: randomBytes(32).toString('base64'),
    GSAC_PASSPHRASE: undefined,
    GSAC_ACCOUNT: undefined,
  };
}
