import { resolveClient } from '../../cli/client.js';
import type { Provided } from '../../cli/runtime.js';
import type { ClientConfig } from '../../core/client-config.js';
import type { Context } from '../../core/context.js';
import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import type { RequestEntry } from '../../emulator/http/log.js';
import { toUnusableAnswer } from '../../google/errors.js';
import type { Google } from '../../google/google.js';

/** A fault that a running emulator still has before it. */
export interface ActiveFault {
  /** Undefined where an older emulator does not say. */
  readonly id?: number;
  readonly name: string;
  /** How many more requests it hits. */
  readonly remaining: number | 'always';
  /** How many requests it has hit; undefined where an older emulator does not say. */
  readonly hits?: number;
  /** What it was told, beside its name and how often. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What became of an order. */
export interface OrderedFault {
  /** The new fault's, for taking back it and no other of its name. */
  readonly id: number;
  /** Everything that is still to come, the new one among it. */
  readonly active: readonly ActiveFault[];
}

/** A request that a running emulator answered, its secrets masked. */
export interface EmulatorRequest
  extends Pick<
    RequestEntry,
    'at' | 'method' | 'path' | 'status' | 'milliseconds' | 'form' | 'query'
  > {
  readonly auth: string;
  readonly grantType: string | null;
  readonly clientId: string | null;
  readonly user: string | null;
}

/** What the phone asks of the emulator. */
export interface PhoneSignIn {
  clientId: string;
  user: string | undefined;
  scopes: readonly string[];
  source: string;
  redirectUri: string | undefined;
}

/** What the phone would hand over. */
export interface SignedIn {
  code: string;
  user: string;
  clientId: string;
  scopes: string[];
  source: string;
}

/** The log of 5,000 requests, with what each of them sent, takes several megabytes. */
const maxLogBytes = 64 * 1_048_576;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The control of running emulators; an origin tells which. Every method throws {@link GsacError}:
 * `usage` with the emulator's words where it refuses, and exits 3.
 */
export function createEmulatorClient({
  google,
  context,
}: {
  google: Pick<Google, 'http'>;
  context: Pick<Context, 'now'>;
}) {
  async function ask(
    method: 'GET' | 'POST' | 'DELETE',
    origin: string,
    path: string,
    { query = {}, body, hint = 'See `gsac emulator faults`.' }: Ask = {},
  ): Promise<Fields> {
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const http = await google.http();
    const answer = await http({
      method,
      url: url.href,
      maxBytes: maxLogBytes,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const unusable = toUnusableAnswer(answer, context.now());
    if (unusable !== undefined) throw unusable;
    const fields = parseJsonObject(answer.text) ?? {};
    if (answer.status === 200) return fields;
    const words = fields['error_description'] ?? fields['error'] ?? answer.status;
    throw new GsacError('usage', `The emulator refuses: ${String(words).replace(/\.$/, '')}.`, {
      hint,
    });
  }

  const faults = '/_emulator/faults';
  const requests = '/_emulator/requests';
  return {
    activeFaults: async (origin: string) => toActive(await ask('GET', origin, faults)),
    /** Makes something go wrong, as people write it: `status:status=429,times=2`. */
    async order(origin: string, fault: string): Promise<OrderedFault> {
      const body = await ask('POST', origin, faults, { body: { fault } });
      return { id: Number(body['id']), active: toActive(body) };
    },
    /** Takes back every fault, those of a name, or the one of an id if it still is there. */
    clear: async (origin: string, which?: { name: string } | { id: number }) =>
      toActive(await ask('DELETE', origin, faults, { query: { ...which } })),
    /** The last 5,000 requests, oldest first, and how many there were; of one path where one is given. */
    async requests(origin: string, path?: string) {
      const query = path === undefined ? {} : { path };
      const body = await ask('GET', origin, requests, { query });
      return {
        count: Number(body['count'] ?? 0),
        requests: listOf(body['requests']).map(toRequest),
      };
    },
    /** Has it forget the requests. */
    async clearRequests(origin: string) {
      await ask('DELETE', origin, requests);
    },
    /** Signs in as the phone would; the code is the result. */
    async signIn(origin: string, request: PhoneSignIn): Promise<SignedIn> {
      const { clientId, user, scopes, source, redirectUri } = request;
      const hint = 'See `gsac emulator sign-in --help`.';
      const body = await ask('POST', origin, '/_emulator/sign-in', {
        hint,
        body: {
          client_id: clientId,
          user,
          scopes: scopes.length === 0 ? undefined : scopes,
          source,
          redirect_uri: redirectUri,
        },
      });
      const code = textOf(body, 'code');
      if (!code) throw new GsacError('usage', 'The emulator refuses: 200.', { hint });
      return {
        code,
        user: textOf(fieldsOf(body['user']), 'email') ?? textOf(body, 'user') ?? '',
        clientId: textOf(body, 'client_id') ?? '',
        scopes: Array.isArray(body['scopes']) ? body['scopes'].map(String) : [],
        source: textOf(body, 'source') ?? '',
      };
    },
    /** As `refuseFault` of the catalogue, which is loaded for it. Asks no emulator. */
    refuseFault: async (fault: string) => (await import('./fault-catalogue.js')).refuseFault(fault),
  };
}

interface Ask {
  query?: Readonly<Record<string, string | number>>;
  body?: Fields;
  /** What helps where it is refused. */
  hint?: string;
}

/** The emulator that the client file leads to. @throws {GsacError} `usage` where it is Google. */
export async function findEmulator({
  context,
}: Pick<Provided, 'context'>): Promise<{ origin: string; client: ClientConfig }> {
  const { client, endpoints } = await resolveClient(context);
  if (endpoints.origin !== null) return { origin: endpoints.origin, client };
  throw new GsacError('usage', 'This client file points at Google, not at an emulator.', {
    hint: 'Use the client file that `gsac emulator start` wrote.',
  });
}

function toActive(body: Fields): readonly ActiveFault[] {
  return listOf(body['active']).map((entry) => {
    const { name: _name, times: _times, ...parameters } = fieldsOf(entry['fault']);
    const { remaining, id, hits } = entry;
    return {
      ...(typeof id === 'number' ? { id } : {}),
      ...(typeof hits === 'number' ? { hits } : {}),
      name: String(entry['name']),
      remaining: remaining === 'always' ? remaining : Number(remaining),
      parameters,
    };
  });
}

function toRequest(entry: Fields): EmulatorRequest {
  return {
    at: Number(entry['at']),
    method: textOf(entry, 'method') ?? '',
    path: textOf(entry, 'path') ?? '',
    status: Number(entry['status']),
    milliseconds: Number(entry['milliseconds']),
    grantType: textOf(entry, 'grantType'),
    clientId: textOf(entry, 'clientId'),
    user: textOf(entry, 'user'),
    auth: textOf(entry, 'auth') ?? '',
    form: textsOf(entry['form']),
    query: textsOf(entry['query']),
  };
}

function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([name, one]) => [name, String(one)]),
  );
}
