import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a private keychain can be started here, and whether keytar can be loaded. */
export function hasKeychain(): boolean {
  const keytar = createRequire(import.meta.url).resolve('keytar');
  return (
    process.platform === 'linux' &&
    [
      ['dbus-daemon', '--version'],
      ['gnome-keyring-daemon', '--version'],
      [process.execPath, '-e', `require(${JSON.stringify(keytar)})`],
    ].every(([file = '', ...args]) => spawnSync(file, args).status === 0)
  );
}

/** A private session bus with a private keychain on it, apart from the user's own. */
export interface SecretService {
  /** The environment for a process that is to use it. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts the keychain; `unlocked` makes and opens its keyring, `fresh` leaves it without one. */
  start(state: 'unlocked' | 'fresh'): Promise<void>;
  /** Locks the keyring. */
  lock(): Promise<void>;
  /** Stops a process from running, so that calls hang: the keychain's unless told. */
  freeze(what?: 'keychain' | 'bus'): void;
  /** Lets the keychain run again. */
  thaw(): void;
  /** Kills the keychain; what was stored stays, for a later `start`. */
  kill(): Promise<void>;
  /** Ends bus and keychain and removes every file. */
  stop(): Promise<void>;
}

const collection = '/org/freedesktop/secrets/collection/login';

/** Starts a private bus without a keychain; see `start`. */
export async function startSecretService(): Promise<SecretService> {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-keys-'));
  const env = privateEnvironment(folder);
  const bus = spawn('dbus-daemon', ['--nofork', `--config-file=${busConfiguration(folder)}`], {
    env,
    stdio: 'ignore',
  });
  let keychain: ChildProcess | undefined;

  function startDaemon(state: 'unlocked' | 'fresh'): ChildProcess {
    const unlock = state === 'unlocked' ? ['--unlock'] : [];
    const daemon = spawn(
      'gnome-keyring-daemon',
      ['--foreground', ...unlock, '--components=secrets'],
      { env, stdio: ['pipe', 'ignore', 'ignore'] },
    );
    daemon.stdin?.end('a password of the tests');
    return daemon;
  }

  async function kill(): Promise<void> {
    if (keychain !== undefined) await end(keychain);
    keychain = undefined;
  }

  const service: SecretService = {
    env,
    async start(state) {
      const isReady = async () =>
        state === 'unlocked' ? !(await isLocked(env)) : await isOnBus(env);
      // Once in thousands of starts the daemon never gets ready; begun anew, it does.
      for (let tries = 3; ; tries--) {
        keychain = startDaemon(state);
        try {
          return await until('the keychain is ready', isReady);
        } catch (thrown) {
          await kill();
          if (tries === 1) throw thrown;
        }
      }
    },
    async lock() {
      const method = 'org.freedesktop.Secret.Service.Lock';
      await send(env, '/org/freedesktop/secrets', method, `array:objpath:${collection}`);
      await until('the keychain is locked', () => isLocked(env));
    },
    freeze: (what = 'keychain') => void (what === 'bus' ? bus : keychain)?.kill('SIGSTOP'),
    thaw: () => void keychain?.kill('SIGCONT'),
    kill,
    async stop() {
      await kill();
      await end(bus);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await until('the bus is ready', () => answers(env));
  } catch (thrown) {
    await service.stop();
    throw thrown;
  }
  return service;
}

/** Nothing of the user's own session: no bus, no display, no folder of theirs. */
function privateEnvironment(folder: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: folder,
    LC_ALL: 'C',
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'bus')}`,
  };
  for (const name of ['RUNTIME_DIR', 'DATA_HOME', 'CACHE_HOME', 'CONFIG_HOME']) {
    const path = join(folder, name.toLowerCase());
    mkdirSync(path, { mode: 0o700 });
    env[`XDG_${name}`] = path;
  }
  return env;
}

/** A bus that starts no services by itself: a killed keychain must stay away. */
function busConfiguration(folder: string): string {
  const path = join(folder, 'bus.conf');
  writeFileSync(
    path,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${join(folder, 'bus')}</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow eavesdrop="false"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  return path;
}

async function send(env: NodeJS.ProcessEnv, path: string, method: string, ...args: string[]) {
  const to = path.startsWith('/org/freedesktop/DBus') ? 'DBus' : 'secrets';
  const { stdout } = await run(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--reply-timeout=2000',
      `--dest=org.freedesktop.${to}`,
      path,
      method,
      ...args,
    ],
    { env },
  );
  return stdout;
}

async function answers(env: NodeJS.ProcessEnv): Promise<boolean> {
  await send(env, '/org/freedesktop/DBus', 'org.freedesktop.DBus.GetId');
  return true;
}

async function isOnBus(env: NodeJS.ProcessEnv): Promise<boolean> {
  const method = 'org.freedesktop.DBus.NameHasOwner';
  const reply = await send(env, '/org/freedesktop/DBus', method, 'string:org.freedesktop.secrets');
  return reply.includes('boolean true');
}

async function isLocked(env: NodeJS.ProcessEnv): Promise<boolean> {
  const reply = await send(
    env,
    collection,
    'org.freedesktop.DBus.Properties.Get',
    'string:org.freedesktop.Secret.Collection',
    'string:Locked',
  );
  return reply.includes('boolean true');
}

/** Asks again until the answer is yes, for ten seconds; a question that fails is a no. */
async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`waited 10 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Kills one child of ours, frozen or not, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
