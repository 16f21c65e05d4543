import { emulatorField } from '../core/client-config.js';
import { googleEndpoints } from '../core/endpoints.js';
import { matchesHost } from '../intercept/hosts.js';
import {
  type Interception,
  type InterceptSettings,
  startInterception,
} from '../intercept/intercept.js';
import type { Emulator } from './app.js';
import { toListener } from './serve.js';

/** How an emulator is put in Google's place. */
export interface StandInSettings extends Pick<InterceptSettings, 'world' | 'observe'> {
  emulator: Emulator;
  /** The client file that is handed to programs, with Google's URIs in place of the emulator's. */
  clientFile: object;
  /** Google's hosts that are left alone. */
  passThrough: readonly string[];
  /** Told of each request for something that the emulator does not have. */
  onMissing: (request: { method: string; url: string }, host: string) => void;
  /** Where its proxy listens; loopback and any free port. */
  host?: string;
  port?: number;
}

/** An emulator in Google's place. */
export interface StandIn {
  readonly interception: Interception;
  /** The variables that lead programs to it, and gsac, too. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Puts a proxy in front of an emulator that listens, and writes what leads programs to it.
 *
 * @throws {GsacError} `local_file_broken`; the system's error if the port cannot be had.
 */
export async function putInGooglesPlace(settings: StandInSettings): Promise<StandIn> {
  const { emulator, passThrough, onMissing, host, port, world, observe } = settings;
  const { origin } = emulator;
  // No page of its own is served under Google's names.
  const listener = toListener(emulator, { guard: { hosts: [] }, ownProcess: false });
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
    world,
    ownPorts: [Number(new URL(origin).port)],
    observe,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  });
  try {
    const { folder, settings: places, password } = interception;
    const clientFile = withGoogleUris(settings.clientFile, origin);
    const own = {
      GSAC_EMULATOR: origin,
      GSAC_CLIENT: folder.write('client_secret.json', clientFile),
    };
    const listening = host === undefined ? {} : { host };
    folder.tell({ origin, places, env: own, password, ...listening });
    return { interception, env: { ...interception.env, ...own } };
  } catch (thrown) {
    await interception.close();
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
