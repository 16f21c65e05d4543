import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreKind } from './core/account.js';
import type { Case } from './core/diagnosis/case.js';
import { GsacError } from './core/errors.js';
import type { CredentialStore } from './core/ports.js';
import type { Globals, Services } from './core/services.js';
import type { HttpRecord } from './core/verify/model.js';
import type { Fetch, Http, HttpOptions } from './google/http.js';
import type { Retry } from './google/retry.js';
import { toPaths } from './paths.js';
import type { KeychainStore } from './store/keychain.js';
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
  /** See {@link Services.recording}. */
  record?: ((entry: HttpRecord) => void) | undefined;
  brief?: boolean | undefined;
  /** The transport's, where another composition has opened connections already. */
  fetch?: (() => Promise<Fetch>) | undefined;
}

/** What each of many flows asks for anew: to import it once for all saves some milliseconds in each. */
const modules = {
  http: once(() => import('./google/http.js')),
  retry: once(() => import('./google/retry.js')),
  recorder: once(() => import('./google/recorder.js')),
  tokenEndpoint: once(() => import('./google/token-endpoint.js')),
  tokenInfo: once(() => import('./google/token-info.js')),
  appFolderProbe: once(() => import('./google/app-folder-probe.js')),
  phoneSignIn: once(() => import('./google/phone-sign-in.js')),
};

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
  const fetch = composition.fetch ?? once(() => system.fetch());

  const transport = once(async (): Promise<{ http: Http; retry: Retry; options: HttpOptions }> => {
    const [{ createHttp }, { createRetry }] = await Promise.all([modules.http(), modules.retry()]);
    const { signal, now } = system;
    const written = globals.trace
      ? (await import('./google/trace.js')).createTrace(
          (lines) => io.writeStderr(`${lines.split('\n').map(clean).join('\n')}\n`),
          globals.showSecrets,
        )
      : undefined;
    const { record } = composition;
    const trace =
      record === undefined
        ? written
        : (await modules.recorder()).createRecorder(
            record,
            now,
            written,
            composition.brief === true,
          );
    const options: HttpOptions = {
      onServerTime: (date) => {
        circumstances.clockAheadSeconds = (now() - date) / 1000;
      },
      fetch,
      timeoutMs: globals.timeoutMs,
      signal,
      trace,
      now,
      // Of many small answers, what is between a person and the next takes most of the time.
      plain: record !== undefined,
    };
    return {
      http: createHttp(options),
      options,
      retry: createRetry({
        budgetMs: globals.timeoutMs * 2,
        now,
        signal,
        onPause: ({ reason, milliseconds }) =>
          notices.say(`${reason} Trying again in ${(milliseconds / 1000).toFixed(1)} s.`),
      }),
    };
  });

  async function openStore(kind: StoreKind): Promise<CredentialStore> {
    if (kind === 'file') {
      const { createEncryptedFileStore } = await import('./store/encrypted-file.js');
      return createEncryptedFileStore({
        directory: join(paths().data, 'vault'),
        passphrase: env['GSAC_PASSPHRASE'],
        fileKey: env['GSAC_FILE_KEY'],
      });
    }
    if (kind === 'env') {
      const { createEnvironmentStore } = await import('./store/environment.js');
      const found = await environmentAccount();
      if (found === undefined) {
        throw new GsacError('store_unavailable', 'The environment holds no credentials.', {
          hint: 'Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
        });
      }
      return createEnvironmentStore(found);
    }
    const { createKeychainStore } = await import('./store/keychain.js');
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
    const { createKeychainStore } = await import('./store/keychain.js');
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
    const { parseEnvironmentCredentials } = await import('./store/environment.js');
    const { readFileSync } = await import('node:fs');
    return parseEnvironmentCredentials(env, (path) => readFileSync(path, 'utf8'), system.now());
  });

  const stores = new Map<StoreKind, Promise<CredentialStore>>();

  const services: ComposedServices = {
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
    async writePrivateFile(path, text) {
      const handle = await open(path, 'w', 0o600);
      try {
        await handle.chmod(0o600);
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
    },
    removeFile: (path) => rm(path, { force: true }),
    async createPrivateFile(path, text, replace) {
      const { writeSecretFile } = await import('./store/secret-file.js');
      return writeSecretFile(path, text, replace);
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
    recording(record, { ownKeys, brief }) {
      const { accounts, store, sessions, refreshLock, rescue, codeLedger } = services;
      const own = createServices({ ...composition, record, brief, fetch });
      Object.assign(own, { accounts, store, sessions, refreshLock, rescue, codeLedger });
      Object.assign(own, { environmentAccount, stuckKeychain: services.stuckKeychain });
      return ownKeys ? own : Object.assign(own, { idTokenKeys: services.idTokenKeys });
    },
    newSessionKey: () => randomBytes(32).toString('base64'),

    accounts: once(async () => {
      const { createAccountIndex } = await import('./store/account-index.js');
      return createAccountIndex({ directory: join(paths().data, 'accounts') });
    }),
    store(kind) {
      const opened = stores.get(kind) ?? openStore(kind);
      stores.set(kind, opened);
      return opened;
    },
    environmentAccount,
    sessions: once(async () => {
      const { createSessionCache } = await import('./store/session-cache.js');
      return createSessionCache({ directory: join(paths().cache, 'sessions') });
    }),
    refreshLock: once(async () => {
      const { createRefreshLock } = await import('./store/refresh-lock.js');
      return createRefreshLock({
        directory: join(paths().data, 'locks'),
        now: system.now,
        sleep: (milliseconds) => delay(milliseconds, undefined, { signal: system.signal }),
      });
    }),
    rescue: once(async () => {
      const { createRescue } = await import('./store/rescue.js');
      return createRescue({ directory: paths().rescue, tmpDirectory: system.tmpDirectory });
    }),

    codeLedger: once(async () => {
      const { createCodeLedger } = await import('./store/code-ledger.js');
      return createCodeLedger({ directory: join(paths().data, 'codes'), now: system.now });
    }),

    tokenEndpoint: once(async () => {
      const { createTokenEndpoint } = await modules.tokenEndpoint();
      return createTokenEndpoint({ ...(await transport()), now: system.now });
    }),
    tokenInfo: once(async () => {
      const { createTokenInfoEndpoint } = await modules.tokenInfo();
      return createTokenInfoEndpoint({ ...(await transport()), now: system.now });
    }),
    idTokenKeys: once(async () => {
      const { createIdTokenKeys } = await import('./google/id-token-keys.js');
      const { createPublicCache } = await import('./store/public-cache.js');
      const cache = createPublicCache({ directory: join(paths().cache, 'keys') });
      return createIdTokenKeys({ ...(await transport()), cache, now: system.now });
    }),
    revocation: once(async () => {
      const { createRevocation } = await import('./google/revocation.js');
      const { http, retry } = await transport();
      return createRevocation(http, retry, system.now);
    }),
    appFolderProbe: once(async () => {
      const { createAppFolderProbe } = await modules.appFolderProbe();
      const { http, retry } = await transport();
      return createAppFolderProbe(http, retry, system.now);
    }),
    appFolder: once(async () => {
      const { createOpenAppFolder } = await import('./google/app-folder.js');
      return createOpenAppFolder({ ...(await transport()), now: system.now });
    }),

    browserFlow: once(async () => {
      const { createBrowserFlow } = await import('./browser-flow/create-browser-flow.js');
      const { platform, launch } = system;
      return createBrowserFlow({ platform, env, launch, signal: () => system.signal });
    }),

    transfers: once(async () => {
      const [{ createOpenTransfers }, { createStreamHttp }, { createOpenAppFolder }] =
        await Promise.all([
          import('./google/transfers.js'),
          import('./google/stream-http.js'),
          import('./google/app-folder.js'),
        ]);
      const { http, retry, options } = await transport();
      return createOpenTransfers({
        http: createStreamHttp(options),
        retry,
        now: system.now,
        openFolder: createOpenAppFolder({ http, retry, now: system.now }),
      });
    }),
    localFiles: once(async () => {
      const { createLocalFiles } = await import('./store/local-files.js');
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
      const { createMachine } = await import('./store/machine.js');
      const { data, cache, rescue } = paths();
      return createMachine({
        nodeVersion: system.nodeVersion,
        platform: system.platform,
        env,
        dataFolder: data,
        cacheFolder: cache,
        rescueFolder: rescue,
        temporaryFolder: system.tmpDirectory,
        keychain: boundedKeychain,
      });
    }),
    probe: once(async () => {
      const { createProbe } = await import('./google/probe.js');
      return createProbe((await transport()).http, system.now);
    }),

    async readProject(directory) {
      const [{ readProject }, { createAskGit }] = await Promise.all([
        import('./project/read-project.js'),
        import('./project/git.js'),
      ]);
      return readProject({ directory, askGit: createAskGit(env), signal: system.signal });
    },

    receiver: once(async () => {
      const { createReceiverHost } = await import('./receiver/host.js');
      return createReceiverHost();
    }),
    async readDocument() {
      return (await import('./documents/read-document.js')).readDocument;
    },
    async planSchema() {
      return (await import('./documents/plan-schema.js')).planSchema;
    },
    async runChild(request) {
      const { runChild } = await import('./child.js');
      return runChild(request, system);
    },
    async tokenFile() {
      const { createTokenFile } = await import('./store/token-file.js');
      return createTokenFile(system.tmpDirectory);
    },

    async startEmulator(settings) {
      const { startEmulator } = await import('./emulator-host.js');
      return startEmulator({ ...settings, ownProcess: system.ownsProcess === true });
    },
    async signInAtEmulator(request) {
      const { signInAtEmulator } = await modules.phoneSignIn();
      return signInAtEmulator((await transport()).http, request);
    },
    async faultCatalogue() {
      return (await import('./emulator-host.js')).listFaults();
    },
    async emulatorConfigSchema() {
      return (await import('./documents/emulator-config-schema.js')).EMULATOR_CONFIG_SCHEMA;
    },
    emulatorAdmin: once(async () => {
      const { createEmulatorAdmin } = await import('./google/emulator-admin.js');
      return createEmulatorAdmin((await transport()).http, system.now);
    }),
    stuckKeychain() {
      if (keychain?.stuck === true) return keychain;
      return hasJobs ? lasting().services.stuckKeychain() : undefined;
    },
  };
  return services;
}

/** A function that does its work once; its result is kept, a rejected promise too. */
function once<T>(work: () => T): () => T {
  let done: { value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

/** Whether a dialog to unlock the keychain can appear anywhere. */
function hasDisplay({ platform, env }: System): boolean {
  if (platform !== 'linux') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

async function readBounded(path: string, maxBytes: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
