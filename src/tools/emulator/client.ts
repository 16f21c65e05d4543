import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import { shellQuote } from '../../core/shell-quote.js';
import type { RequestEntry } from '../../emulator/http/log.js';
import type { Google } from '../../google/google.js';

/** A fault that a running emulator still has before it. */
export interface ActiveFault {
  /** Undefined if an older emulator does not say. */
  readonly id?: number;
  readonly name: string;
  /** How many more requests it hits. */
  readonly remaining: number | 'always';
  /** How many requests it has hit; undefined if an older emulator does not say. */
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
  /** The emulator's first web client if undefined. */
  clientId: string | undefined;
  user: string | undefined;
  scopes: readonly string[];
  source: string;
  redirectUri: string | undefined;
  /** Whether a user who does not exist is added. */
  create?: boolean | undefined;
}

/** Who has an account at the emulator. */
export interface EmulatorPerson {
  readonly email: string;
  readonly sub: string;
  readonly name: string;
  readonly hd?: string;
  readonly email_verified: boolean;
}

/** A security event, and to whom it goes if not to the receiver that is registered. */
export interface SecurityEventOrder {
  event: string;
  user?: string | undefined;
  clientId?: string | undefined;
  receiver?: string | undefined;
  forgery?: string | undefined;
  reason?: string | undefined;
  state?: string | undefined;
}

/** What came of posting a security event; `status` is 0 if the receiver did not answer. */
export interface SecurityEventDelivery {
  readonly event: string;
  readonly receiver: string;
  readonly jti: string;
  readonly status: number;
}

/** The emulator's time, and how far it was set forward. */
export interface EmulatorTime {
  readonly now: string;
  readonly ahead_seconds: number;
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
 * `usage` with the emulator's words if it refuses, and exits 3.
 *
 * @param by what named the emulator, for the error if it does not answer.
 */
export function createEmulatorClient({ google }: { google: Pick<Google, 'http'> }, by?: string) {
  async function ask(
    method: 'GET' | 'POST' | 'DELETE',
    origin: string,
    path: string,
    { query = {}, body, hint = 'See `gsac emulator --help`.', hints = {} }: Ask = {},
  ): Promise<Fields> {
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const http = await google.http();
    const answer = await http({
      method,
      url: url.href,
      maxBytes: maxLogBytes,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((thrown) => {
      throw toUnanswered(thrown, url, by);
    });
    const fields = answer.cut === undefined ? parseJsonObject(answer.text) : undefined;
    if (fields === undefined || answer.status >= 500) {
      throw new GsacError(
        'answer_unreadable',
        `${origin} does not answer as an emulator does (${answer.status}).`,
        { hint: `${by === undefined ? '' : `${by} names this address. `}${START}` },
      );
    }
    if (answer.status === 200) return fields;
    const words = String(fields['error_description'] ?? fields['error'] ?? answer.status);
    const end = /[.?]$/.test(words) ? '' : '.';
    throw new GsacError('usage', `The emulator refuses: ${words}${end}`, {
      hint: hints[String(fields['error'])] ?? hint,
    });
  }

  const faults = '/_emulator/faults';
  const requests = '/_emulator/requests';
  const users = '/_emulator/users';
  const clock = '/_emulator/clock';
  const toPeople = (body: Fields) => listOf(body['users']).map(toPerson);
  return {
    activeFaults: async (origin: string) => toActive(await ask('GET', origin, faults)),
    /** Makes something go wrong, as people write it: `status:status=429,times=2`. */
    async order(origin: string, fault: string): Promise<OrderedFault> {
      const body = await ask('POST', origin, faults, {
        body: { fault },
        hint: 'See `gsac emulator faults`.',
      });
      return { id: Number(body['id']), active: toActive(body) };
    },
    /** Takes back every fault, those of a name, or the one of an id if it still is there. */
    clear: async (origin: string, which?: { name: string } | { id: number }) =>
      toActive(await ask('DELETE', origin, faults, { query: { ...which } })),
    /**
     * The last 5,000 requests, or `limit`, oldest first, and how many there were: of one path if one is
     * given, and without the first `after`, which a former answer's `next` gives.
     */
    async requests(origin: string, query: { path?: string; limit?: number; after?: number } = {}) {
      const body = await ask('GET', origin, requests, { query });
      return {
        count: Number(body['count'] ?? 0),
        next: Number(body['next'] ?? 0),
        requests: listOf(body['requests']).map(toRequest),
      };
    },
    /** Has it forget the requests. */
    async clearRequests(origin: string) {
      await ask('DELETE', origin, requests);
    },
    /** Signs in as the phone would; the code is the result. */
    async signIn(origin: string, request: PhoneSignIn): Promise<SignedIn> {
      const { clientId, user, scopes, source, redirectUri, create } = request;
      const hint = 'See `gsac emulator sign-in --help`.';
      const whom = user === undefined ? '<email>' : shellQuote(user);
      const hints = {
        unknown_user: `Add the user with \`gsac emulator user add ${whom}\`, or sign in with \`gsac emulator sign-in --create\`.`,
        invalid_client: 'Use the client file that this emulator wrote.',
      };
      const body = await ask('POST', origin, '/_emulator/sign-in', {
        hint,
        hints,
        body: {
          client_id: clientId,
          user,
          create: create === true ? true : undefined,
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
    /** Everybody who has an account. */
    users: async (origin: string) => toPeople(await ask('GET', origin, users)),
    /** Adds a user. */
    addUser: async (origin: string, user: Fields) =>
      toPerson(await ask('POST', origin, users, { body: user })),
    /** Removes a user; those that are left are the result. */
    removeUser: async (origin: string, email: string) =>
      toPeople(
        await ask('DELETE', origin, users, {
          query: { email },
          hint: 'See `gsac emulator user list`.',
        }),
      ),
    /** Removes the app's access, as a person does. */
    async revoke(origin: string, user: string | undefined, clientId: string | undefined) {
      const body = await ask('POST', origin, '/_emulator/revoke', {
        body: { user, client_id: clientId },
        hints: { unknown_user: 'See `gsac emulator user list`.' },
      });
      return { user: textOf(body, 'user') ?? '', had_access: body['had_access'] === true };
    },
    /** Posts a security event; what came of it is the result, nothing if nobody registered. */
    async sendEvent(origin: string, order: SecurityEventOrder) {
      const { clientId: client_id, ...rest } = order;
      const body = await ask('POST', origin, '/_emulator/risc', {
        body: { ...rest, client_id },
        hints: { unknown_user: 'See `gsac emulator user list`.' },
      });
      return listOf(body['deliveries']).map(
        (one): SecurityEventDelivery => ({
          event: textOf(one, 'event') ?? '',
          receiver: textOf(one, 'receiver') ?? '',
          jti: textOf(one, 'jti') ?? '',
          status: Number(one['status']),
        }),
      );
    },
    /** The emulator's time, set forward by some seconds, or set back to what it was at first. */
    async clock(origin: string, change?: { advanceSeconds: number } | 'reset') {
      const body =
        change === undefined
          ? await ask('GET', origin, clock)
          : change === 'reset'
            ? await ask('DELETE', origin, clock)
            : await ask('POST', origin, clock, {
                body: { advance_seconds: change.advanceSeconds },
              });
      const now = textOf(body, 'now') ?? '';
      return { now, ahead_seconds: Number(body['ahead_seconds']) } satisfies EmulatorTime;
    },
    /** As `refuseFault` of the catalogue, which is loaded for it. Asks no emulator. */
    refuseFault: async (fault: string) => (await import('./fault-catalogue.js')).refuseFault(fault),
  };
}

interface Ask {
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: Fields;
  /** What helps if it is refused. */
  hint?: string;
  /** The same for some of the emulator's error codes. */
  hints?: Readonly<Record<string, string>>;
}

/** What to do if no emulator runs; the Cloud console has none. */
const START = 'Start an emulator with `gsac emulator start`.';

/** The error of an emulator that is not there, with its address. */
function toUnanswered(thrown: unknown, url: URL, by: string | undefined): unknown {
  if (!(thrown instanceof GsacError) || thrown.code === 'cancelled') return thrown;
  const named = by === undefined ? '' : `, which ${by} names,`;
  const port = url.port === '' ? '' : ` --port ${url.port}`;
  return new GsacError(thrown.code, `The emulator at ${url.origin}${named} does not answer.`, {
    hint: `Start it again with \`gsac emulator start${port}\`, or set GSAC_EMULATOR to the address of a running one.`,
    details: thrown.details,
  });
}

function toPerson(entry: Fields): EmulatorPerson {
  const hd = textOf(entry, 'hd');
  return {
    email: textOf(entry, 'email') ?? '',
    sub: textOf(entry, 'sub') ?? '',
    name: textOf(entry, 'name') ?? '',
    ...(hd === null ? {} : { hd }),
    email_verified: entry['email_verified'] === true,
  };
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
