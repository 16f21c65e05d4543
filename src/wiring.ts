import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeychainStore } from './accounts/stores/keychain.js';
import type { CredentialStore } from './accounts/stores/store.js';
import type { StoreKind } from './core/account.js';
import type { Globals } from './core/context.js';
import type { Case } from './core/diagnosis.js';
import { GsacError } from './core/errors.js';
import { once } from './core/once.js';
import type { Services } from './core/services.js';
import { toPaths } from './files/own-folders.js';
import { type Connection, createGoogleServices } from './google/google.js';
import type { System } from './system.js';
import { clean } from './terminal/clean.js';
import { createNotices } from './terminal/notices.js';
import { createPrompts } from './terminal/prompts.js';
import type { Style } from './terminal/style.js';

/** The services of one command, with what only the composition root may ask of them. */
export interface ComposedServices extends Services {
  /** The keychain whose native call is stuck, where one is. */
  stuckKeychain(): KeychainStore | undefined;
}

/** What decides how services are composed, beside the globals. */
export interface Composition {
  system: System;
  globals: Globals;
  /** No prompt, whatever the terminal (`--no-input`). */
  noInput: boolean;
  /** The style of stderr. */
  errorStyle: () => Style;
  /** See {@link Services.announceSecret}. */
  announceSecret: (secret: string) => void;
}

/**
 * Wires the adapters to the ports. Each is imported when first asked for and built once; a command
 * that does not ask for one does not pay for it.
 */
export function createServices(composition: Composition): ComposedServices {
  const { system, globals, noInput, errorStyle, announceSecret } = composition;
  const { env, io } = system;
  /** The same once more, for work that the person's signal does not end. */
  const lasting = once(() => {
    const { signal } = new AbortController();
    const deaf: System = Object.create(system, { signal: { value: signal } });
    return { services: createServices({ ...composition, system: deaf }) };
  });
  let hasJobs = false;
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
  const circumstances: Case = {};
  const connection: Connection = {
    system,
    globals,
    notices,
    cacheFolder: () => paths().cache,
    circumstances,
    fetch: once(() => system.fetch()),
  };

  async function openStore(kind: StoreKind): Promise<CredentialStore> {
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
    keychain = createKeychainStore({
      platform: system.platform,
      interactive: hasDisplay(system),
      onSlow: () => notices.say('Waiting for the keychain; it may be asking to be unlocked.'),
      ...(system.loadKeytar === undefined ? {} : { load: system.loadKeytar }),
    });
    return keychain;
  }

  /** A keychain that is not waited for as long as a person may take to unlock it. */
  async function boundedKeychain(): Promise<CredentialStore> {
    const { createKeychainStore } = await import('./accounts/stores/keychain.js');
    keychain = createKeychainStore({
      platform: system.platform,
      interactive: false,
      timeoutMs: Math.min(globals.timeoutMs, 10_000),
      ...(system.loadKeytar === undefined ? {} : { load: system.loadKeytar }),
    });
    return keychain;
  }

  const environmentAccount = once(async () => {
    // Most machines have neither variable; then not even the parser is loaded.
    if (!env['GSAC_CREDENTIALS'] && !env['GSAC_REFRESH_TOKEN']) return undefined;
    const { parseEnvironmentCredentials } = await import('./accounts/stores/environment.js');
    const { readFileSync } = await import('node:fs');
    return parseEnvironmentCredentials(env, (path) => readFileSync(path, 'utf8'), system.now());
  });

  const stores = new Map<StoreKind, Promise<CredentialStore>>();

  const services: ComposedServices = {
    ...createGoogleServices(connection),
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
    readFile: readBounded,
    async writePrivateFile(path, text, mayReplace) {
      const { overwriteNamedFile } = await import('./files/secret-file.js');
      return overwriteNamedFile(path, text, mayReplace);
    },
    async proveFileTarget(path) {
      return (await import('./files/file-target.js')).proveFileTarget(path);
    },
    removeFile: (path) => rm(path, { force: true }),
    async secretFile(path, replace) {
      const { openSecretFile } = await import('./files/secret-file.js');
      return openSecretFile({ path, replace, terminal: globals.showSecrets });
    },
    get stdoutIsOpenFile() {
      return io.stdoutIsOpenFile === true;
    },
    announceSecret,
    forOneJob() {
      hasJobs = true;
      const circumstances: Case = {};
      return Object.create(lasting().services, { circumstances: { value: circumstances } });
    },
    recording(recording) {
      const circumstances: Case = {};
      const google = createGoogleServices({ ...connection, circumstances, recording });
      const { idTokenKeys } = recording.ownKeys ? google : services;
      const own: Services = Object.create(services);
      return Object.assign(own, google, { circumstances, idTokenKeys });
    },
    newSessionKey: () => randomBytes(32).toString('base64'),

    accounts: once(async () => {
      const { createAccountIndex } = await import('./accounts/account-index.js');
      return createAccountIndex({ directory: join(paths().data, 'accounts') });
    }),
    store(kind) {
      const opened = stores.get(kind) ?? openStore(kind);
      stores.set(kind, opened);
      return opened;
    },
    environmentAccount,
    sessions: once(async () => {
      const { createSessionCache } = await import('./accounts/session-cache.js');
      return createSessionCache({ directory: join(paths().cache, 'sessions') });
    }),
    refreshLock: once(async () => {
      const { createRefreshLock } = await import('./accounts/refresh-lock.js');
      return createRefreshLock({
        directory: join(paths().data, 'locks'),
        now: system.now,
        sleep: (milliseconds) => delay(milliseconds, undefined, { signal: system.signal }),
      });
    }),
    rescue: once(async () => {
      const { createRescue } = await import('./accounts/rescue.js');
      return createRescue({ directory: paths().rescue, tmpDirectory: system.tmpDirectory });
    }),

    codeLedger: once(async () => {
      const { createCodeLedger } = await import('./accounts/code-ledger.js');
      return createCodeLedger({ directory: join(paths().data, 'codes'), now: system.now });
    }),

    browserFlow: once(async () => {
      const { createBrowserFlow } = await import('./tools/login/create-browser-flow.js');
      const { platform, launch } = system;
      return createBrowserFlow({ platform, env, launch, signal: () => system.signal });
    }),

    localFiles: once(async () => {
      const { createLocalFiles } = await import('./files/local-files.js');
      return createLocalFiles({
        stdin: () => io.streamStdin(system.signal),
        writeStdout: (bytes) => io.streamStdout(bytes),
        umask: system.umask,
      });
    }),
    async transferBar(label, total) {
      if (globals.json || globals.quiet || !io.stderrIsTty) {
        return { update: () => undefined, stop: () => undefined };
      }
      const { createProgressBar } = await import('./terminal/progress-bar.js');
      const { columns } = io;
      const show = (line: string) => notices.progress(line);
      return createProgressBar({ label: clean(label), total, columns, show, now: system.now });
    },
    async flowBar(total) {
      if (globals.json || globals.quiet || !io.stderrIsTty) {
        return { update: () => undefined, stop: () => undefined };
      }
      const { createFlowBar } = await import('./terminal/flow-bar.js');
      const { columns } = io;
      const show = (line: string) => notices.progress(line);
      return createFlowBar({ total, columns, show, now: system.now });
    },

    machine: once(async () => {
      const { createMachine } = await import('./tools/doctor/machine.js');
      const { data, cache, rescue } = paths();
      return createMachine({
        nodeVersion: system.nodeVersion,
        platform: system.platform,
        env,
        dataFolder: data,
        cacheFolder: cache,
        rescueFolder: rescue,
        temporaryFolder: system.tmpDirectory,
        userId: system.userId,
        keychain: boundedKeychain,
      });
    }),
    async readProject(directory) {
      const [{ readProject }, { createAskGit }] = await Promise.all([
        import('./tools/check/project/read-project.js'),
        import('./tools/check/project/git.js'),
      ]);
      return readProject({ directory, askGit: createAskGit(env), signal: system.signal });
    },

    receiver: once(async () => {
      const { createReceiverHost } = await import('./tools/listen/host.js');
      return createReceiverHost();
    }),
    async readDocument() {
      return (await import('./schema/read-document.js')).readDocument;
    },
    async planSchema() {
      return (await import('./tools/verify/plan/plan-schema.js')).planSchema;
    },
    async runChild(request) {
      const { runChild } = await import('./cli/child.js');
      return runChild(request, system);
    },
    async tokenFile() {
      const { createTokenFile } = await import('./files/token-file.js');
      return createTokenFile(system.tmpDirectory);
    },

    async startEmulator(settings) {
      const { startEmulator } = await import('./tools/emulator/host.js');
      return startEmulator({ ...settings, ownProcess: system.ownsProcess === true });
    },
    async refuseFault(text) {
      return (await import('./tools/emulator/host.js')).refuseFault(text);
    },
    async faultCatalogue() {
      return (await import('./tools/emulator/host.js')).listFaults();
    },
    async emulatorConfigSchema() {
      return (await import('./tools/emulator/config-schema.js')).EMULATOR_CONFIG_SCHEMA;
    },
    stuckKeychain() {
      if (keychain?.stuck === true) return keychain;
      return hasJobs ? lasting().services.stuckKeychain() : undefined;
    },
  };
  return services;
}

/** Whether a dialog to unlock the keychain can appear anywhere. */
function hasDisplay({ platform, env }: System): boolean {
  if (platform !== 'linux') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** How much of a file is asked for at once. */
const readBytes = 65_536;

/** What is longer fails with `EFBIG`, a pipe too, which does not say beforehand how long it is. */
async function readBounded(path: string, maxBytes: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let size = 0; ; ) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(readBytes));
      if (bytesRead === 0) return Buffer.concat(pieces).toString('utf8');
      size += bytesRead;
      if (size > maxBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
      pieces.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
