import { setTimeout as delay } from 'node:timers/promises';
import { GsacError } from '../../core/errors.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/app.js';
import type { FaultRequest } from '../../emulator/faults/model.js';
import type { PageParts } from '../../emulator/page/endpoint.js';
import { serveEmulator } from '../../emulator/serve.js';
import type { ClientSeed } from '../../emulator/state/model.js';
import { SavedStateError } from '../../emulator/state/saved-state.js';
import { SEED_CLIENTS } from '../../emulator/state/seed.js';
import { fileReason } from '../../files/errno.js';
import { readNamedFile } from '../../files/named-file.js';
import { readClock } from './clock.js';
import type { EmulatorConfig, LocatedEmulatorConfig } from './config.js';
import { wordsOf } from './fault-catalogue.js';
import { brokenState, EmulatorStateFile } from './state-file.js';

const maxConfigBytes = 16 * 1024 * 1024;

/**
 * Starts the emulator on a port and writes out its client file. With a state file, what it remembers
 * is written there within moments, and at its end.
 *
 * @throws {GsacError} `usage` for what the config or a fault says, `local_file_broken` for the state;
 *   and what the system throws where the port cannot be had.
 */
export async function startEmulator(settings: EmulatorSettings): Promise<RunningEmulator> {
  const { config: name, state: path } = settings;
  const located = name === undefined ? undefined : await readConfig(name);
  const options = toOptions(settings, located?.config ?? {});
  const file =
    path === undefined
      ? undefined
      : new EmulatorStateFile(path, () => emulator.save(), settings.onStateFailure);
  const emulator: Emulator = file
    ? await createSaved(options, file, settings.page)
    : createEmulator(options, settings.page);
  orderFaults(emulator, located, settings.faults);
  const clientFile = findClientFile(emulator, settings.clientType);
  tryWrite(
    file,
    (words) =>
      new GsacError('usage', `${path} cannot be written: ${words}.`, {
        hint: 'Name another file with --state.',
      }),
  );
  const { origin, close } = await serveEmulator(emulator, settings);
  return {
    origin,
    emulator,
    clientFile: `${JSON.stringify(clientFile(), null, 2)}\n`,
    serviceAccountFile: (ofGoogle) =>
      `${JSON.stringify(emulator.serviceAccountFile(undefined, ofGoogle), null, 2)}\n`,
    async close() {
      await close();
      tryWrite(
        file,
        (words) => new GsacError('output_failed', `The state was not saved to ${path}: ${words}.`),
      );
    },
  };
}

async function readConfig(name: string): Promise<LocatedEmulatorConfig> {
  const text = await readNamedFile(name, 'usage', maxConfigBytes);
  return (await import('./config.js')).readEmulatorConfig(text, name);
}

async function readState(path: string): Promise<unknown> {
  try {
    return await EmulatorStateFile.read(path);
  } catch (thrown) {
    // Its usual hints are those of gsac's own files, which nobody named.
    if (!(thrown instanceof GsacError) || thrown.details['system_code'] === undefined) throw thrown;
    const { message, details } = thrown;
    const what = details['system_code'] === 'EISDIR' ? 'a' : 'another';
    const hint = `Name ${what} file with --state.`;
    throw new GsacError('local_file_broken', message, { hint, details });
  }
}

function toOptions(settings: EmulatorSettings, config: EmulatorConfig): EmulatorOptions {
  const { clock: configured, faults: _ordered, ...rest } = config;
  const time = settings.clock ?? configured;
  const clock =
    time === undefined
      ? undefined
      : readClock(time, settings.clock === undefined ? 'clock' : '--clock');
  const { adopted } = settings;
  const others = (config.clients ?? SEED_CLIENTS).filter(
    ({ clientId }) => clientId !== adopted?.clientId,
  );
  return {
    ...rest,
    ...(adopted === undefined ? {} : { clients: [adopted, ...others] }),
    seed: settings.seed ?? config.seed,
    seedFiles: settings.files ?? config.seedFiles,
    clock: clock && ('at' in clock ? () => clock.at : () => Date.now() + clock.aheadMs),
    riscReceiver: settings.riscReceiver,
    onRequest: settings.onRequest,
    onDelivery: settings.onRequest,
    // An answer that is still to come must not keep a process alive whose end was asked for.
    sleep: (milliseconds) => delay(milliseconds, undefined, { ref: false }),
  };
}

/** An emulator that begins with what a file holds, and has written there what changes. */
async function createSaved(
  options: EmulatorOptions,
  file: EmulatorStateFile,
  page: PageParts,
): Promise<Emulator> {
  const saved = await readState(file.path);
  try {
    return createEmulator({ ...options, saved, onChange: () => file.touch() }, page);
  } catch (thrown) {
    if (!(thrown instanceof SavedStateError)) throw thrown;
    throw brokenState(file.path, thrown.message);
  }
}

function orderFaults(
  emulator: Emulator,
  located: LocatedEmulatorConfig | undefined,
  flags: readonly string[],
): void {
  const order = (fault: FaultRequest | string, toError: (words: string) => Error) => {
    try {
      emulator.faults.order(fault);
    } catch (thrown) {
      throw toError(wordsOf(thrown));
    }
  };
  for (const [at, fault] of (located?.config.faults ?? []).entries()) {
    order(
      fault,
      (words) => located?.refuse(['faults', at], `cannot be had: ${words}`) ?? new Error(words),
    );
  }
  for (const fault of flags) {
    order(fault, (words) => {
      const sentence = `--fault ${fault}: ${words}${words.endsWith('?') ? '' : '.'}`;
      return new GsacError('usage', sentence, { hint: 'See `gsac emulator faults`.' });
    });
  }
}

/** Finds the client whose file is wanted before anything is opened; its origin is known later. */
function findClientFile(emulator: Emulator, type: EmulatorSettings['clientType']): () => unknown {
  const kind = type === 'desktop' ? 'installed' : type;
  if (![...emulator.state.clients.values()].some((client) => client.kind === kind)) {
    throw new GsacError(
      'usage',
      `The config has no ${type} client, so there is no client file to write.`,
      {
        hint: `Add a client with \`kind: ${kind}\`, or choose the other type with --client-type.`,
      },
    );
  }
  if (type === 'web') return () => emulator.clientFile();
  return () => (type === 'device' ? emulator.deviceClientFile() : emulator.desktopClientFile());
}

function tryWrite(
  file: EmulatorStateFile | undefined,
  toError: (words: string) => GsacError,
): void {
  try {
    file?.write();
  } catch (thrown) {
    throw toError(fileReason(thrown));
  }
}

/** What a command may start an emulator with. */
export interface EmulatorSettings extends Omit<EmulatorStartOptions, 'clientOut'> {
  /** Told a line for each request. */
  onRequest: (line: string) => void;
  /** Told in a sentence where the state cannot be written. */
  onStateFailure: (sentence: string) => void;
  /** A client of the person's own that the emulator takes for one of its own, before all others. */
  adopted?: ClientSeed | undefined;
  /** Whether an Authorization header lets another machine have the emulator's own pages. */
  mayAdminister?: ((authorization: string | undefined) => boolean) | undefined;
  /** What its page shows of gsac's. */
  page: PageParts;
  /** The path below which other machines find the page. */
  pagePath?: string | undefined;
  /** Whether the process does nothing else, so that its globals may be replaced by faster ones. */
  ownProcess: boolean;
}

/** A running emulator. */
export interface RunningEmulator {
  origin: string;
  readonly emulator: Emulator;
  /** The text of its `client_secret_*.json`. */
  clientFile: string;
  /** The text of a service account's key file, with the emulator's addresses or Google's own. */
  serviceAccountFile(ofGoogle: boolean): string;
  /** Ends it and its connections. */
  close(): Promise<void>;
}

/** The flags of `gsac emulator start`. */
export interface EmulatorStartOptions {
  port: number;
  host: string;
  clientOut: string;
  /** Whose client file is wanted. */
  clientType: 'web' | 'desktop' | 'device';
  /** How many files the first user has beyond the few that are always there. */
  files: number | undefined;
  /** The path of a config file; flags go before what it says. */
  config: string | undefined;
  /** What goes wrong from the start, as people write it. */
  faults: readonly string[];
  /** Makes codes, tokens, ids and keys the same in every run. */
  seed: string | undefined;
  /** A time at which the clock stands still, or an offset, as people write it. */
  clock: string | undefined;
  /** The path of a state file; what it remembers is in memory alone without it. */
  state: string | undefined;
  /** Where to write the key of a service account. */
  serviceAccountOut?: string | undefined;
  /** Where security events are posted. */
  riscReceiver?: string | undefined;
}

/** What `gsac emulator start --intercept` takes beside. */
export interface InterceptFlags {
  passThrough: readonly string[];
  proxyPort: number;
}
