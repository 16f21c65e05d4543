import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import { shellQuote } from '../../core/shell-quote.js';
import type { FaultListing } from '../../emulator/faults/board.js';
import type { RequestEntry } from '../../emulator/http/log.js';
import type { Delivery } from '../../emulator/risc/security-events.js';
import type { Google } from '../../google/google.js';

/** A fault that a running emulator still has before it. */
export interface ActiveFault extends Omit<FaultListing, 'fault'> {
  /** What it was told, beside its name and how often. */
  readonly parameters: Readonly<Record<string, unknown>>;
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
type SecurityEventOrder = Readonly<Record<'event', string>> &
  Partial<Record<'user' | 'clientId' | 'receiver' | 'forgery' | 'reason' | 'state', Text>> & {
    /** How long the receiver may take. */
    timeoutMs: number;
  };

type Text = string | undefined;

/** The emulator's time, and how far it was set forward. */
export interface EmulatorTime {
  readonly now: string;
  readonly ahead_seconds: number;
}

/** What the phone would hand over. */
export interface SignedIn {
  code: string;
  user: { email: string };
  client_id: string;
  scopes: string[];
  source: string;
}

/** The log of 5,000 requests, with what each of them sent, takes several megabytes. */
const maxLogBytes = 64 * 1_048_576;

/** What the emulator's pages answer, by what every such answer has. */
interface Answers {
  active: { id: number; active: readonly FaultListing[] };
  requests: { count: number; next: number; requests: readonly RequestEntry[] };
  users: { users: readonly EmulatorPerson[] };
  email: EmulatorPerson;
  code: SignedIn;
  had_access: { user: string; had_access: boolean };
  deliveries: { deliveries: readonly Delivery[] };
  ahead_seconds: EmulatorTime;
}

/**
 * The control of the running emulator at an origin. Every method throws {@link GsacError}: `usage` with
 * the emulator's words if it refuses, and exits 3.
 *
 * @param by what named the emulator, for the error if it does not answer.
 */
export function createEmulatorClient(
  { google }: { google: Pick<Google, 'http'> },
  origin: string,
  by?: string,
) {
  /** @param proof what an answer must have to be one of an emulator. */
  async function ask<P extends keyof Answers>(
    proof: P,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    { query = {}, body, hint = 'See `gsac emulator --help`.', hints = {}, extraMs = 0 }: Ask = {},
  ): Promise<Answers[P]> {
    const url = new URL(`/_emulator/${path}`, origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const http = await google.http();
    const answer = await http({
      method,
      url: url.href,
      maxBytes: maxLogBytes,
      extraMs,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((thrown) => {
      throw toUnanswered(thrown, url, by);
    });
    const fields = answer.cut === undefined ? parseJsonObject(answer.text) : undefined;
    const isOdd = fields === undefined || (answer.status === 200 && fields[proof] === undefined);
    if (isOdd || answer.status >= 500) {
      throw new GsacError(
        'answer_unreadable',
        `${url.origin} does not answer as an emulator does (${answer.status}).`,
        { hint: `${by === undefined ? '' : `${by} names this address. `}${START}` },
      );
    }
    if (answer.status === 200) return fields as unknown as Answers[P];
    const words = String(fields['error_description'] ?? fields['error'] ?? answer.status);
    const end = /[.?]$/.test(words) ? '' : '.';
    throw new GsacError('usage', `The emulator refuses: ${words}${end}`, {
      hint: hints[String(fields['error'])] ?? hint,
    });
  }

  const hint = 'See `gsac emulator user list`.';
  const ofUsers = { hints: { unknown_user: hint } };
  return {
    activeFaults: async () => toActive(await ask('active', 'GET', 'faults')),
    /** Makes something go wrong, as people write it: `status:status=429,times=2`. */
    async order(fault: string) {
      const order = { body: { fault }, hint: 'See `gsac emulator faults`.' };
      const body = await ask('active', 'POST', 'faults', order);
      return { id: body.id, active: toActive(body) };
    },
    /** Takes back every fault, those of a name, or the one of an id if it still is there. */
    clear: async (which?: { name: string } | { id: number }) =>
      toActive(await ask('active', 'DELETE', 'faults', { query: { ...which } })),
    /**
     * The last 5,000 requests, or `limit`, oldest first, and how many there were: of one path if one is
     * given, and without the first `after`, which a former answer's `next` gives.
     */
    requests: (query: { path?: string; limit?: number | undefined; after?: number }) =>
      ask('requests', 'GET', 'requests', { query }),
    /** Has it forget the requests. */
    clearRequests: () => ask('requests', 'DELETE', 'requests'),
    /** Signs in as the phone would; the code is the result. */
    signIn(request: PhoneSignIn) {
      const { clientId, user, scopes, source, redirectUri, create } = request;
      const whom = user === undefined ? '<email>' : shellQuote(user);
      return ask('code', 'POST', 'sign-in', {
        hint: 'See `gsac emulator sign-in --help`.',
        hints: {
          unknown_user: `Add the user with \`gsac emulator user add ${whom}\`, or sign in with \`gsac emulator sign-in --create\`.`,
          invalid_client: 'Use the client file that this emulator wrote.',
        },
        body: {
          client_id: clientId,
          user,
          create: create === true ? true : undefined,
          scopes: scopes.length === 0 ? undefined : scopes,
          source,
          redirect_uri: redirectUri,
        },
      });
    },
    /** Everybody who has an account. */
    users: () => ask('users', 'GET', 'users'),
    /** Adds a user. */
    addUser: (body: Fields) => ask('email', 'POST', 'users', { body }),
    /** Removes a user; those that are left are the result. */
    removeUser: (email: string) => ask('users', 'DELETE', 'users', { query: { email }, hint }),
    /** Removes the app's access, as a person does. */
    revoke: (user: string | undefined, clientId: string | undefined) =>
      ask('had_access', 'POST', 'revoke', {
        body: { user, client_id: clientId },
        ...ofUsers,
      }),
    /** Posts a security event; what came of it is the result, nothing if nobody registered. */
    async sendEvent({ clientId: client_id, timeoutMs, ...order }: SecurityEventOrder) {
      const body = { ...order, client_id, timeout_seconds: timeoutMs / 1000 };
      // The emulator waits for the receiver, up to two times for a repeated event.
      const extraMs = timeoutMs + 5_000;
      return (await ask('deliveries', 'POST', 'risc', { body, extraMs, ...ofUsers })).deliveries;
    },
    /** The emulator's time, set forward by some seconds, or set back to what it was at first. */
    clock(change: { advance_seconds: number } | 'reset' | undefined) {
      if (change === undefined) return ask('ahead_seconds', 'GET', 'clock');
      if (change === 'reset') return ask('ahead_seconds', 'DELETE', 'clock');
      return ask('ahead_seconds', 'POST', 'clock', { body: change });
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

interface Ask {
  /** Milliseconds beyond what every request may take. */
  extraMs?: number;
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

function toActive({ active }: Answers['active']): readonly ActiveFault[] {
  return active.map(({ id, hits, name, remaining, fault }) => {
    const { name: _name, times: _times, ...parameters } = fault;
    return { id, hits, name, remaining, parameters };
  });
}
