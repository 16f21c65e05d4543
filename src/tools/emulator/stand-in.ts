import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Provided } from '../../cli/runtime.js';
import { emulatorField } from '../../core/client-config.js';
import { googleEndpoints } from '../../core/endpoints.js';
import { toListener } from '../../emulator/serve.js';
import { matchesHost } from '../../intercept/hosts.js';
import { type Interception, startInterception } from '../../intercept/intercept.js';
import type { InterceptionEvent, Policy } from '../../intercept/policy.js';
import { createRunFolder, type RunFolder } from '../../intercept/run-folder.js';
import type { RunningEmulator } from './host.js';
import type { Missing } from './run-report.js';

type Env = Readonly<Record<string, string | undefined>>;

/** How an emulator is put in Google's place. */
export interface StandInSettings {
  /** Google's hosts that are left alone. */
  passThrough: readonly string[];
  missing: Missing;
  observe: (event: InterceptionEvent) => void;
  /** Where its proxy listens; loopback and any free port. */
  host?: string;
  port?: number;
}

/** An emulator in Google's place. */
export interface StandIn {
  readonly interception: Interception;
  readonly folder: RunFolder;
  /** The variables that lead programs to it, and gsac, too. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Puts a proxy in front of a running emulator, and writes what leads programs to it.
 *
 * @throws {GsacError} `local_file_broken`; the system's error if the port cannot be had.
 */
export async function putInGooglesPlace(
  running: RunningEmulator,
  { passThrough, missing, observe, ...listen }: StandInSettings,
  { system }: Pick<Provided, 'system'>,
): Promise<StandIn> {
  const folder = createRunFolder({
    temporaryFolder: system.tmpDirectory,
    pid: system.pid,
    userId: system.userId,
    now: Date.now(),
  });
  try {
    const interception = await startInterception({
      ...listen,
      policy: toPolicy(running, passThrough, missing),
      folder,
      env: system.env,
      platform: system.platform,
      userId: system.userId,
      // Programs judge certificates by the machine's clock, whatever the emulator's is.
      now: Date.now,
      program: system.program,
      ownPorts: [Number(new URL(running.origin).port)],
      observe,
    });
    const own = {
      GSAC_EMULATOR: running.origin,
      GSAC_CLIENT: folder.write('client_secret.json', withGoogleUris(running)),
    };
    const { host } = listen;
    const { settings: places, password } = interception;
    folder.tell({
      origin: running.origin,
      places,
      env: own,
      password,
      ...(host === undefined ? {} : { host }),
    });
    return {
      interception,
      folder,
      env: { ...interception.env, ...own },
      async close() {
        await interception.close();
        folder.remove();
      },
    };
  } catch (thrown) {
    folder.remove();
    throw thrown;
  }
}

/** Has the emulator answer for Google, and notes what it does not have. */
function toPolicy(
  { emulator }: RunningEmulator,
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
export function storeOf(folder: RunFolder, env: Env): Record<string, string | undefined> {
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
