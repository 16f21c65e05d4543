import { existsSync } from 'node:fs';
import type { Outcome, Provided } from '../../cli/runtime.js';
import { type ClientConfig, parseClientFile } from '../../core/client-config.js';
import { toEndpoints } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import { readNamedFile } from '../../files/named-file.js';
import { createEmulatorClient } from './client.js';

/** A running emulator, as far as it can be known without asking it. */
export interface FoundEmulator {
  readonly origin: string;
  /** What named it: `--client`, `GSAC_EMULATOR`, … with its value. */
  readonly by: string;
  /** The client that a client file names; undefined if none does. */
  readonly clientId: string | undefined;
  readonly clientFile: string | undefined;
}

/** Where `gsac emulator start` puts its client file if nobody says. */
export const USUAL_CLIENT_FILE = 'client_secret_emulator.json';

const HINT = `Start one with \`gsac emulator start\`, which writes ${USUAL_CLIENT_FILE} into the current folder, or set GSAC_EMULATOR to the address of a running one.`;

/**
 * Finds the running emulator: by `--client`, else `GSAC_EMULATOR`, else `GSAC_CLIENT`, else the usual
 * client file in the current folder. Asks nobody.
 *
 * @throws {GsacError} exit 2 that says which of the four was tried.
 */
export async function findEmulator(work: Pick<Provided, 'context'>): Promise<FoundEmulator> {
  const { context } = work;
  const flag = context.globals.clientFlag;
  if (flag !== undefined) return byFile(flag, '--client', work);
  const address = context.variable('GSAC_EMULATOR') || undefined;
  const file = context.variable('GSAC_CLIENT') || undefined;
  if (address !== undefined) {
    const origin = readOrigin(address);
    const shown = address.replace(/\/\/[^@/]*@/, '//…@');
    const client = file === undefined ? undefined : await clientOf(file, origin, work);
    return {
      origin,
      by: `GSAC_EMULATOR (${shown})`,
      clientId: client?.clientId,
      clientFile: client && file,
    };
  }
  if (file !== undefined) return byFile(file, 'GSAC_CLIENT', work);
  if (existsSync(USUAL_CLIENT_FILE)) return byFile(USUAL_CLIENT_FILE, undefined, work);
  throw new GsacError(
    'usage',
    `No emulator was found: there is no --client, no GSAC_EMULATOR, no GSAC_CLIENT and no ${USUAL_CLIENT_FILE} in the current folder.`,
    { hint: HINT },
  );
}

/** The emulator that was found, with what controls it. @throws {GsacError} as {@link findEmulator}. */
export async function openEmulator(work: Pick<Provided, 'context' | 'google'>) {
  const found = await findEmulator(work);
  return { ...found, emulator: createEmulatorClient(work, found.origin, found.by) };
}

/** The work of a command that asks the emulator that was found, whose answer is its result. */
export function asking<R>(ask: (found: Awaited<ReturnType<typeof openEmulator>>) => Promise<R>) {
  return async (work: Pick<Provided, 'context' | 'google'>): Promise<Outcome<R>> => ({
    result: await ask(await openEmulator(work)),
  });
}

function readOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) {
    // One that other machines reach asks for a password, which is in its address.
    const user = url.password === '' ? '' : `${url.username}:${url.password}@`;
    return `${url.protocol}//${user}${url.host}`;
  }
  throw new GsacError('usage', `GSAC_EMULATOR is not an address: ${JSON.stringify(address)}.`, {
    hint: 'Write the first line that `gsac emulator start` printed, such as http://127.0.0.1:8085.',
  });
}

/** The client of a file, if it is one of that emulator, or may stand for one with Google's addresses. */
async function clientOf(
  file: string,
  origin: string,
  work: Pick<Provided, 'context'>,
): Promise<ClientConfig | undefined> {
  try {
    const { client, origin: own } = await readClient(file, work);
    return own === null || own === new URL(origin).origin ? client : undefined;
  } catch (thrown) {
    if (thrown instanceof GsacError) return undefined;
    throw thrown;
  }
}

async function byFile(
  file: string,
  named: string | undefined,
  work: Pick<Provided, 'context'>,
): Promise<FoundEmulator> {
  const by = named === undefined ? `${file} in the current folder` : `${named} (${file})`;
  const { client, origin } = await readClient(file, work).catch((thrown) => {
    if (!(thrown instanceof GsacError)) throw thrown;
    const { code, message, details } = thrown;
    throw new GsacError(code, `No emulator was found by ${by}: ${message}`, {
      hint: HINT,
      details,
    });
  });
  if (origin !== null) return { origin, by, clientId: client.clientId, clientFile: file };
  throw new GsacError('usage', `${by} points at Google, not at an emulator.`, { hint: HINT });
}

async function readClient(file: string, { context }: Pick<Provided, 'context'>) {
  const client = parseClientFile(await readNamedFile(file, 'client_file_unreadable'), file);
  const { origin } = toEndpoints(client.tokenUri, context.globals.allowedTokenUris);
  return { client, origin };
}
