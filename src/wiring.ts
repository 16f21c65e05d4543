import { join } from 'node:path';
import { createAccounts } from './accounts/accounts.js';
import type { KeychainStore } from './accounts/stores/keychain.js';
import type { CredentialStore } from './accounts/stores/store.js';
import type { Provided } from './cli/runtime.js';
import { type HelperKind, nameStore } from './core/account.js';
import type { Context, Diagnose, Globals, Notices } from './core/context.js';
import { mayHaveCauses } from './core/diagnosis.js';
import { once } from './core/promises.js';
import { shellAtHand } from './core/shell-quote.js';
import { toPaths } from './files/own-folders.js';
import { createGoogle, type Google } from './google/google.js';
import type { ProcessSystem } from './system.js';
import { clean } from './terminal/clean.js';
import { createNotices } from './terminal/notices.js';
import { createPrompts } from './terminal/prompts.js';
import type { Style } from './terminal/style.js';

/** What a command is handed, with what only `main` may ask of it. */
export interface Wired extends Provided {
  /** The keychain whose native call is stuck, if one is. */
  stuckKeychain(): KeychainStore | undefined;
}

/** What decides how the parts are wired, beside the globals. */
export interface Wiring {
  system: ProcessSystem;
  globals: Globals;
  /** No prompt, whatever the terminal (`--no-input`). */
  noInput: boolean;
  /** The style of stderr. */
  errorStyle: () => Style;
  announceSecret: Context['announceSecret'];
}

/**
 * Builds what a command is handed. Each part is imported and built when it is first asked for: a
 * command that does not ask for one does not pay for it.
 */
export function wire(wiring: Wiring): Wired {
  const { system, globals } = wiring;
  const { env, io } = system;
  const paths = once(() => toPaths(env['GSAC_HOME']));
  const notices = createNotices({
    write: (text) => io.writeStderr(text),
    style: wiring.errorStyle,
    json: globals.json,
    quiet: globals.quiet,
    isTty: () => io.stderrIsTty,
  });
  const keychains = createKeychains(system, notices);
  const shell = shellAtHand(system.platform, env);
  const helpers = {
    /** @param timeoutMs how long a call is waited for; as long as a person takes, if it is not said. */
    async open(kind: HelperKind, timeoutMs?: number): Promise<CredentialStore> {
      const { createHelperStore } = await import('./accounts/stores/helper.js');
      const canBeAsked = provided.context.prompts.possible || hasDisplay(system);
      return createHelperStore({
        kind,
        shell,
        platform: system.platform,
        env,
        signal: system.signal,
        timeoutMs: timeoutMs ?? (canBeAsked ? 120_000 : globals.timeoutMs),
        ...(timeoutMs === undefined
          ? {
              onSlow: () =>
                notices.say(`Waiting for ${nameStore(kind)}; it may be asking to be unlocked.`),
            }
          : {}),
      });
    },
  };
  const client = once(async () => {
    const { clientFile, clientId } = globals;
    if (clientFile === undefined && clientId === undefined) return undefined;
    return (await import('./files/client-file.js')).loadClient(globals);
  });
  const environmentAccount = once(async () => {
    // Most machines have none of its variables; then not even the parser is loaded.
    const isNamed = ['GSAC_CREDENTIALS', 'GSAC_REFRESH_TOKEN'].some(
      (name) => env[name] !== undefined,
    );
    if (!isNamed && env['GSAC_CLIENT_ID'] !== '' && env['GSAC_CLIENT_SECRET'] !== '')
      return undefined;
    const { readEnvironmentAccount } = await import('./accounts/stores/environment.js');
    return readEnvironmentAccount(env, system.now(), client);
  });
  // One for the whole run, so that its passphrase is asked for once.
  const fileStore = once(async () => {
    const { createEncryptedFileStore } = await import('./accounts/stores/encrypted-file.js');
    const { context } = provided;
    return createEncryptedFileStore({
      directory: join(paths().data, 'vault'),
      shell,
      passphrase: env['GSAC_PASSPHRASE'],
      fileKey: env['GSAC_FILE_KEY'],
      askPassphrase: context.prompts.possible
        ? async (occasion) =>
            (await import('./terminal/passphrase.js')).askPassphrase(context, occasion)
        : undefined,
    });
  });
  const connect = once(() => system.connect());
  const accounts = once(() =>
    createAccounts({
      context: { globals, notices, now: system.now, shell },
      signal: system.signal,
      folders: paths,
      temporaryFolder: system.tmpDirectory,
      userId: system.userId,
      usualStore: env['GSAC_STORE'] || 'keychain',
      async openStore(kind, timeoutMs) {
        if (kind === 'keychain') return keychains.open(timeoutMs);
        if (kind === 'env') {
          const { createEnvironmentStore } = await import('./accounts/stores/environment.js');
          return createEnvironmentStore(await environmentAccount());
        }
        return kind === 'file' ? fileStore() : helpers.open(kind, timeoutMs);
      },
      environmentAccount,
      closeToOthers: () => system.closeToOthers(),
    }),
  );

  /** What goes by a signal; undefined for the person's own, which is asked for when it is needed. */
  function provide(signal?: AbortSignal): Provided {
    const google = createGoogle({
      now: system.now,
      signal: () => signal ?? system.signal,
      connect,
      timeoutMs: globals.timeoutMs,
      writeTrace: globals.trace
        ? (lines) => io.writeStderr(`${lines.split('\n').map(clean).join('\n')}\n`)
        : undefined,
      showSecrets: globals.showSecrets,
      pause: system.pause,
      async keysCache() {
        const { createPublicCache } = await import('./files/public-cache.js');
        return createPublicCache({ directory: join(paths().cache, 'keys') });
      },
      onPause: (text) => notices.say(text),
    });
    const own = once(() => (signal === undefined ? accounts() : accounts().withSignal(signal)));
    return {
      context: createContext({ ...wiring, client }, notices, google, signal),
      get accounts() {
        return own();
      },
      google,
      system,
      withSignal: provide,
    };
  }

  const provided = provide();
  return Object.assign(provided, { stuckKeychain: keychains.stuck });
}

function createContext(
  { system, globals, noInput, announceSecret, client }: Wiring & Pick<Context, 'client'>,
  notices: Notices,
  google: Google,
  signal: AbortSignal | undefined,
): Context {
  const { env, io } = system;
  const prompts = once(() =>
    createPrompts({
      // Once stdin has been read to its end, nobody can answer any more.
      possible: () => !noInput && io.stdinIsTty && io.stderrIsTty && system.promptInput().readable,
      terminal: () => ({
        input: system.promptInput(),
        output: system.promptOutput(),
        signal: signal ?? system.signal,
        jobControl: system.jobControl,
      }),
    }),
  );
  return {
    globals,
    client,
    get version() {
      return system.version;
    },
    shell: shellAtHand(system.platform, env),
    pid: system.pid,
    now: system.now,
    get signal() {
      return signal ?? system.signal;
    },
    notices,
    get prompts() {
      return prompts();
    },
    diagnose: createDiagnose(google),
    get stdinIsTty() {
      return io.stdinIsTty;
    },
    readStdin: (maxBytes) => io.readStdin(maxBytes),
    variable: (name) => env[name],
    announceSecret,
  };
}

/** The rules are loaded when something has failed that they may be about, and not before. */
function createDiagnose(google: Google): Diagnose {
  const clock = () => ({ clockAheadSeconds: google.clockAheadSeconds() });
  return {
    async failure(error, about) {
      if (!mayHaveCauses(error)) return [];
      const known = { ...clock(), ...error.about, ...about };
      const { diagnoseFailure } = await import('./tools/explain/diagnose-failure.js');
      return diagnoseFailure(error, known);
    },
    async checks(checks, about) {
      if (checks.every(({ ok }) => ok !== false)) return [];
      const known = { ...clock(), ...about };
      const { diagnoseChecks } = await import('./tools/explain/diagnose-failure.js');
      return diagnoseChecks(checks, known);
    },
    async case(given) {
      return (await import('./tools/explain/diagnose.js')).diagnose(given);
    },
  };
}

/** Whether a dialog to unlock a store can appear anywhere. */
function hasDisplay({ platform, env }: ProcessSystem): boolean {
  return platform === 'linux'
    ? Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
    : platform !== 'darwin' || !env['SSH_CONNECTION'];
}

/** Opens keychains and remembers them: the process cannot end by itself while a call in one is stuck. */
function createKeychains(system: ProcessSystem, notices: Notices) {
  const { platform, loadKeytar } = system;
  const opened: KeychainStore[] = [];
  return {
    /** @param timeoutMs how long a call is waited for; as long as a person takes, if it is not said. */
    async open(timeoutMs?: number): Promise<KeychainStore> {
      const { createKeychainStore } = await import('./accounts/stores/keychain.js');
      const store = createKeychainStore({
        platform,
        interactive: hasDisplay(system) && timeoutMs === undefined,
        ...(timeoutMs === undefined
          ? {
              onSlow: () =>
                notices.say('Waiting for the keychain; it may be asking to be unlocked.'),
            }
          : { timeoutMs }),
        ...(loadKeytar === undefined ? {} : { load: loadKeytar }),
      });
      opened.push(store);
      return store;
    },
    stuck: () => opened.find(({ stuck }) => stuck),
  };
}
