import { emulatorField } from '../core/client-config.js';
import { googleEndpoints } from '../core/endpoints.js';
import { matchesHost } from '../intercept/hosts.js';
import { type Interception, startInterception } from '../intercept/intercept.js';
import type { InterceptionEvent } from '../intercept/policy.js';
import { createRunFolder, type RunFolder } from '../intercept/run-folder.js';
import type { Emulator } from './app.js';
import { toListener } from './serve.js';

type Env = Readonly<Record<string, string | undefined>>;

/** How an emulator is put in Google's place. */
export interface StandInSettings {
  emulator: Emulator;
  /** The client file that is handed to programs, with Google's URIs in place of the emulator's. */
  clientFile: object;
  /** Google's hosts that are left alone. */
  passThrough: readonly string[];
  /** Told of each request for something that the emulator does not have. */
  onMissing: (request: { method: string; url: string }, host: string) => void;
  observe: (event: InterceptionEvent) => void;
  /** Where its proxy listens; loopback and any free port. */
  host?: string;
  port?: number;
  /** The world, as it is read from `process`. */
  env: Env;
  platform: NodeJS.Platform;
  pid: number;
  userId: number | undefined;
  temporaryFolder: string;
  /** gsac's own file. */
  program?: string | undefined;
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
 * Puts a proxy in front of an emulator that listens, and writes what leads programs to it.
 *
 * @throws {GsacError} `local_file_broken`; the system's error if the port cannot be had.
 */
export async function putInGooglesPlace(settings: StandInSettings): Promise<StandIn> {
  const { emulator, passThrough, onMissing, host, port, env } = settings;
  const { platform, pid, userId, temporaryFolder } = settings;
  const { origin } = emulator;
  // No page of its own is served under Google's names.
  const listener = toListener(emulator, { guard: { hosts: [] }, ownProcess: false });
  const folder = createRunFolder({ temporaryFolder, pid, userId, now: Date.now() });
  try {
    const interception = await startInterception({
      policy: {
        unreadable: 'refuse',
        passesThrough: (name) => passThrough.some((pattern) => matchesHost(pattern, name)),
        answer(request, response, name) {
          response.once('finish', () => {
            const { method = '', url = '' } = request;
            if (response.statusCode === 501) onMissing({ method, url }, name);
          });
          listener(request, response);
        },
      },
      folder,
      env,
      platform,
      userId,
      // Programs judge certificates by the machine's clock, whatever the emulator's is.
      now: Date.now,
      program: settings.program,
      ownPorts: [Number(new URL(origin).port)],
      observe: settings.observe,
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    });
    const own = {
      GSAC_EMULATOR: origin,
      GSAC_CLIENT: folder.write('client_secret.json', withGoogleUris(settings.clientFile, origin)),
    };
    const { settings: places, password } = interception;
    const listening = host === undefined ? {} : { host };
    folder.tell({ origin, places, env: own, password, ...listening });
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

/** The client file as the Cloud console would give it out, and a word for gsac of where it really leads. */
function withGoogleUris(file: object, origin: string): string {
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
