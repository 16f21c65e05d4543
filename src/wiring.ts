import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Accounts, createAccounts } from './accounts/accounts.js';
import type { KeychainStore } from './accounts/stores/keychain.js';
import type { CredentialStore } from './accounts/stores/store.js';
import type { Provided } from './cli/runtime.js';
import type { EnvironmentAccount, StoreKind } from './core/account.js';
import type { Context, Diagnose, Globals, Notices, Prompts } from './core/context.js';
import { type Case, mayHaveCauses } from './core/diagnosis.js';
import { GsacError } from './core/errors.js';
import { once } from './core/promises.js';
import { toPaths } from './files/own-folders.js';
import type { Connect } from './google/connect.js';
import type { AppFolderProbe } from './google/drive.js';
import { createGoogle, type Google } from './google/google.js';
import type { IdTokenKeys } from './google/keys.js';
import type { Recording } from './google/recorder.js';
import type { Revocation } from './google/revoke.js';
import type { TokenEndpoint } from './google/token.js';
import type { TokenInfoEndpoint } from './google/tokeninfo.js';
import type { ProcessSystem } from './system.js';
import { clean } from './terminal/clean.js';
import { createNotices } from './terminal/notices.js';
import { createPrompts } from './terminal/prompts.js';
import type { Style } from './terminal/style.js';
import type { EmulatorClient } from './tools/emulator/client.js';

/** The services of one command, with what only the composition root may ask of them. */
export interface ComposedServices extends Services {
  /** The keychain whose native call is stuck, where one is. */
  stuckKeychain(): KeychainStore | undefined;
}

/** What decides how services are composed, beside the globals. */
export interface Composition {
  system: ProcessSystem;
  globals: Globals;
  /** No prompt, whatever the terminal (`--no-input`). */
  noInput: boolean;
  /** The style of stderr. */
  errorStyle: () => Style;
  /** See {@link Services.announceSecret}. */
  announceSecret: (secret: string) => void;
  /** What is not opened twice where the same is composed for another signal. */
  shared?: { connect: () => Promise<Connect>; accounts: Accounts };
}

/**
 * Wires the adapters to the ports. Each is imported when first asked for and built once; a command
 * that does not ask for one does not pay for it.
 */
export function createServices(composition: Composition): ComposedServices {
  const { system, globals, noInput, errorStyle, announceSecret, shared } = composition;
  const { env, io } = system;
  const paths = once(() => toPaths(env['GSAC_HOME']));
  const notices = createNotices({
    write: (text) => io.writeStderr(text),
    style: errorStyle,
    json: globals.json,
    quiet: globals.quiet,
    isTty: () => io.stderrIsTty,
  });
  const prompts = once(() =>
    createPrompts({
      possible: !noInput && io.stdinIsTty && io.stderrIsTty,
      input: system.promptInput,
      output: system.promptOutput,
    }),
  );
  let keychain: KeychainStore | undefined;
  const connect = shared?.connect ?? once(() => system.connect());
  const google = createGoogle({
    now: system.now,
    signal: () => system.signal,
    connect,
    timeoutMs: globals.timeoutMs,
    writeTrace: globals.trace
      ? (lines) => io.writeStderr(`${lines.split('\n').map(clean).join('\n')}\n`)
      : undefined,
    showSecrets: globals.showSecrets,
    async keysCache() {
      const { createPublicCache } = await import('./files/public-cache.js');
      return createPublicCache({ directory: join(paths().cache, 'keys') });
    },
    pause: system.pause,
    onPause: (text) => notices.say(text),
  });
  const circumstances = createCircumstances(google);

  async function openStore(kind: StoreKind, timeoutMs?: number): Promise<CredentialStore> {
    if (kind === 'file') {
      const { createEncryptedFileStore } = await import('./accounts/stores/encrypted-file.js');
      return createEncryptedFileStore({
        directory: join(paths().data, 'vault'),
        passphrase: env['GSAC_PASSPHRASE'],
        fileKey: env['GSAC_FILE_KEY'],
      });
    }
    if (kind === 'env') {
      const { createEnvironmentStore } = await import('./accounts/stores/environment.js');
      const found = await environmentAccount();
      if (found === undefined) {
        throw new GsacError('store_unavailable', 'The environment holds no credentials.', {
          hint: 'Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
        });
      }
      return createEnvironmentStore(found);
    }
    const { createKeychainStore } = await import('./accounts/stores/keychain.js');
    const onSlow = () => notices.say('Waiting for the keychain; it may be asking to be unlocked.');
    keychain = createKeychainStore({
      platform: system.platform,
      interactive: timeoutMs === undefined && hasDisplay(system),
      ...(timeoutMs === undefined ? { onSlow } : { timeoutMs }),
      ...(system.loadKeytar === undefined ? {} : { load: system.loadKeytar }),
    });
    return keychain;
  }

  const environmentAccount = once(async () => {
    // Most machines have neither variable; then not even the parser is loaded.
    if (!env['GSAC_CREDENTIALS'] && !env['GSAC_REFRESH_TOKEN']) return undefined;
    const { parseEnvironmentCredentials } = await import('./accounts/stores/environment.js');
    const [{ readBounded }, { maxCredentialFileBytes }] = await Promise.all([
      import('./files/named-file.js'),
      import('./core/authorized-user.js'),
    ]);
    const named = env['GSAC_CREDENTIALS'] ?? '';
    const isPath = named !== '' && !named.trimStart().startsWith('{');
    const read = isPath
      ? await readBounded(named, maxCredentialFileBytes).then(
          (text) => () => text,
          (thrown: unknown) => () => {
            throw thrown;
          },
        )
      : () => '';
    return parseEnvironmentCredentials(env, read, system.now());
  });

  const accounts = once(
    () =>
      shared?.accounts.withSignal(system.signal) ??
      createAccounts({
        context: { globals, notices, now: system.now },
        signal: system.signal,
        folders: paths,
        temporaryFolder: system.tmpDirectory,
        userId: system.userId,
        usualStore: env['GSAC_STORE'] || 'keychain',
        openStore,
        environmentAccount,
      }),
  );

  const services: ComposedServices = {
    ...toGoogleServices(google),
    google,
    globals,
    get version() {
      return system.version;
    },
    pid: system.pid,
    now: system.now,
    get signal() {
      return system.signal;
    },
    notices,
    circumstances,
    get prompts() {
      return prompts();
    },
    get stdinIsTty() {
      return io.stdinIsTty;
    },
    readStdin: (maxBytes) => io.readStdin(maxBytes),
    variable: (name) => env[name],
    removeFile: (path) => rm(path, { force: true }),
    get stdoutIsOpenFile() {
      return io.stdoutIsOpenFile === true;
    },
    announceSecret,
    withSignal(signal) {
      const own: ProcessSystem = Object.create(system, { signal: { value: signal } });
      return createServices({
        ...composition,
        system: own,
        shared: { connect, accounts: accounts() },
      });
    },
    recording(recording) {
      const recorded = google.recording(recording);
      const own: Services = Object.create(services);
      const circumstances = createCircumstances(recorded);
      return Object.assign(own, toGoogleServices(recorded), { google: recorded, circumstances });
    },

    accountIndex: () => accounts().index(),
    store: (kind) => accounts().store(kind),
    environmentAccount,

    system,
    get context() {
      return toContext(this);
    },
    get accounts() {
      return accounts();
    },
    stuckKeychain() {
      return keychain?.stuck === true ? keychain : undefined;
    },
  };
  return services;
}

/** The rules are loaded where something failed, and only there. */
function createDiagnose(services: Services): Diagnose {
  return {
    async failure(error, about) {
      if (!mayHaveCauses(error)) return [];
      // Read before anything is waited for: another step may change what is known.
      const base = about === undefined ? services.circumstances : {};
      const known = { ...base, ...error.about, ...about };
      const { diagnoseFailure } = await import('./tools/explain/diagnose-failure.js');
      return diagnoseFailure(error, known);
    },
    async checks(checks, about = services.circumstances) {
      if (checks.every(({ ok }) => ok !== false)) return [];
      const known = { ...about };
      const { diagnoseChecks } = await import('./tools/explain/diagnose-failure.js');
      return diagnoseChecks(checks, known);
    },
    async case(given) {
      return (await import('./tools/explain/diagnose.js')).diagnose(given);
    },
  };
}

function toContext(services: Services): Context {
  const diagnose = createDiagnose(services);
  return Object.create(services, { diagnose: { value: diagnose } });
}

/** What a command is about, to be filled in; how far the clock is ahead is Google's to know. */
function createCircumstances(google: Google): Case {
  return {
    get clockAheadSeconds() {
      return google.clockAheadSeconds();
    },
  };
}

function toGoogleServices(google: Google) {
  return {
    tokenEndpoint: google.token,
    tokenInfo: google.tokeninfo,
    idTokenKeys: google.keys,
    revocation: google.revoke,
    appFolderProbe: google.driveProbe,
    async emulatorAdmin() {
      const { createEmulatorClient } = await import('./tools/emulator/client.js');
      return createEmulatorClient({ google, context: { now: Date.now } });
    },
  };
}

/** Whether a dialog to unlock the keychain can appear anywhere. */
function hasDisplay({ platform, env }: ProcessSystem): boolean {
  if (platform !== 'linux') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * Everything that a command may use of the world, built lazily: what a command does not ask for is
 * not loaded.
 */
export interface Services extends Provided {
  withSignal(signal: AbortSignal): Services;
  readonly globals: Globals;
  /** Of gsac. */
  readonly version: string;
  readonly pid: number;
  now(): number;
  /** Aborted when the person cancels. */
  readonly signal: AbortSignal;
  readonly notices: Notices;
  readonly prompts: Prompts;
  /** What the command is about, filled in as it goes; read when it fails, to find the cause. */
  readonly circumstances: Case;

  /** Whether a person sits at stdin; else something may be piped in. */
  readonly stdinIsTty: boolean;
  /** Everything on stdin. @throws {GsacError} `usage` where it is longer than `maxBytes`. */
  readStdin(maxBytes: number): Promise<string>;
  /** A variable of the environment that the person named; undefined where it is not set. */
  variable(name: string): string | undefined;
  /** Removes a file; none is no failure. @throws what Node throws. */
  removeFile(path: string): Promise<void>;
  /** Whether stdout is a file that other users may read. */
  readonly stdoutIsOpenFile: boolean;
  /**
   * Told each secret before it is printed or handed on, so that a CI system that is asked to can
   * keep it out of its logs.
   */
  announceSecret(secret: string): void;
  /**
   * These services with every HTTP request recorded, its secrets masked, and with circumstances of their
   * own, for one of several flows. Stores, caches and connections are shared.
   */
  recording(recording: Recording): Services;

  accountIndex(): ReturnType<Accounts['index']>;
  store(kind: StoreKind): ReturnType<Accounts['store']>;
  environmentAccount(): Promise<EnvironmentAccount | undefined>;

  tokenEndpoint(): Promise<TokenEndpoint>;
  tokenInfo(): Promise<TokenInfoEndpoint>;
  idTokenKeys(): Promise<IdTokenKeys>;
  revocation(): Promise<Revocation>;
  appFolderProbe(): Promise<AppFolderProbe>;

  emulatorAdmin(): Promise<EmulatorClient>;
}
