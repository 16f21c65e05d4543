import type { KeyRing } from '../state/keys.js';
import type { Authorization, EmulatorClient, EmulatorUser } from '../state/model.js';
import { EMAIL_SCOPE, PROFILE_SCOPE } from '../state/scopes.js';
import type { EmulatorState } from '../state/state.js';
import { FORGERIES, type SecurityEventDraft } from './forgeries.js';

const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const OAUTH = 'https://schemas.openid.net/secevent/oauth/event-type/';
const LATE_SECONDS = 86_400;
/** How long a receiver may take if nobody says. */
const PATIENCE_SECONDS = 5;

/** One of Google's security events. */
export type SecurityEvent =
  | 'sessions-revoked'
  | 'tokens-revoked'
  | 'token-revoked'
  | 'account-disabled'
  | 'account-enabled'
  | 'account-credential-change-required'
  | 'verification';

/** The addresses of their types. @see https://developers.google.com/identity/protocols/risc#supported_event_types */
export const EVENT_TYPES: Readonly<Record<SecurityEvent, string>> = {
  'sessions-revoked': `${RISC}sessions-revoked`,
  'tokens-revoked': `${OAUTH}tokens-revoked`,
  'token-revoked': `${OAUTH}token-revoked`,
  'account-disabled': `${RISC}account-disabled`,
  'account-enabled': `${RISC}account-enabled`,
  'account-credential-change-required': `${RISC}account-credential-change-required`,
  verification: `${RISC}verification`,
};

/** What is posted, and to whom. */
export interface SecurityEventOrder {
  readonly event: SecurityEvent;
  readonly user: EmulatorUser;
  readonly client: EmulatorClient;
  /** In place of the receiver that is registered. */
  readonly receiver?: string | undefined;
  /** One of the names of `FORGERIES`. */
  readonly forgery?: string | undefined;
  /** Of an account that is disabled: `hijacking` or `bulk-account`. */
  readonly reason?: string | undefined;
  /** Of a verification. */
  readonly state?: string | undefined;
  /** How long the receiver may take: 5 if nothing is said. */
  readonly timeoutSeconds?: number | undefined;
}

/** What came of posting an event. `status` is 0 if the receiver did not answer. */
export interface Delivery {
  readonly event: SecurityEvent;
  readonly receiver: string;
  readonly jti: string;
  readonly status: number;
}

/** Where a project's events go. */
export interface EventStream {
  url: string;
  /** Addresses of event types; undefined for all. */
  requested: readonly string[] | undefined;
  isEnabled: boolean;
}

/** What {@link SecurityEvents} works with. */
export interface SecurityEventParts {
  readonly state: EmulatorState;
  readonly keys: KeyRing;
  readonly now: () => number;
  /** Lets faults change what is sent. */
  readonly spoil: (order: SecurityEventOrder, draft: SecurityEventDraft) => void;
  /** Told of every delivery in a line for people. */
  readonly onDelivery: (line: string) => void;
  /** A receiver for the events of every project, until the project registers its own. */
  readonly receiver: string | undefined;
}

/**
 * Cross-Account Protection: signs security event tokens and posts them to receivers, once each. Google
 * repeats what was not accepted.
 *
 * @see https://developers.google.com/identity/protocols/risc
 */
export class SecurityEvents {
  readonly #parts: SecurityEventParts;
  readonly #streams = new Map<string, EventStream>();

  constructor(parts: SecurityEventParts) {
    this.#parts = parts;
    parts.state.onRevoked = (authorization, event) => this.#announce(authorization, event);
  }

  /** The stream of a project, by its number. */
  stream(project: string): EventStream | undefined {
    const { receiver } = this.#parts;
    const known = this.#streams.get(project);
    if (known !== undefined || receiver === undefined) return known;
    return this.register(project, { url: receiver, requested: undefined, isEnabled: true });
  }

  /** Registers the receiver of a project. */
  register(project: string, stream: EventStream): EventStream {
    this.#streams.set(project, stream);
    return stream;
  }

  /** Signs an event and posts it; to nobody if nobody registered for it. */
  async send(order: SecurityEventOrder): Promise<readonly Delivery[]> {
    const receiver = order.receiver ?? this.#receiverOf(order);
    if (receiver === undefined) return [];
    const { keys, spoil, state, now, onDelivery } = this.#parts;
    const jti = state.newText(32);
    const { event } = order;
    const draft: SecurityEventDraft = {
      claims: {
        iss: 'https://accounts.google.com/',
        aud: order.client.clientId,
        iat: Math.floor(now() / 1000),
        jti,
        events: { [EVENT_TYPES[event]]: this.#contentOf(order) },
      },
      times: 1,
    };
    const { forgery } = order;
    if (forgery === undefined) spoil(order, draft);
    else FORGERIES[forgery]?.change(draft, LATE_SECONDS);
    const token = await keys.sign(draft.claims, draft);
    const deliveries: Delivery[] = [];
    for (let count = 0; count < draft.times; count += 1) {
      const status = await post(receiver, token, order.timeoutSeconds ?? PATIENCE_SECONDS);
      deliveries.push({ event, receiver, jti, status });
      onDelivery(`event ${event} ${status === 0 ? 'not delivered' : status} ${shown(receiver)}`);
    }
    return deliveries;
  }

  #receiverOf({ event, client }: SecurityEventOrder): string | undefined {
    const stream = this.stream(client.project.number);
    if (!stream?.isEnabled) return undefined;
    const isWanted =
      event === 'verification' || (stream.requested?.includes(EVENT_TYPES[event]) ?? true);
    return isWanted ? stream.url : undefined;
  }

  #contentOf({ event, user, client, reason, state }: SecurityEventOrder): object {
    if (event === 'verification') return { state: state ?? '' };
    if (event === 'token-revoked') {
      const grants = this.#parts.state.grants.filter(
        (grant) => grant.client === client && grant.authorization.user === user,
      );
      return {
        subject: {
          subject_type: 'oauth_token',
          token_type: 'refresh_token',
          token_identifier_alg: 'prefix',
          token: (grants.at(-1)?.refreshToken ?? `1//0${this.#parts.state.newText(99)}`).slice(
            0,
            16,
          ),
        },
      };
    }
    const subject = { subject_type: 'iss-sub', iss: 'https://accounts.google.com/', sub: user.sub };
    return { subject, ...(event === 'account-disabled' && reason !== undefined ? { reason } : {}) };
  }

  /** Google tells only those whom the person gave name or email. */
  #announce({ user, projectNumber, scopes }: Authorization, event: SecurityEvent): void {
    const [client] = this.#parts.state.clientsOf(projectNumber);
    if (client === undefined || !(scopes.has(EMAIL_SCOPE) || scopes.has(PROFILE_SCOPE))) return;
    void this.send({ event, user, client });
  }
}

async function post(url: string, token: string, timeoutSeconds: number): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
      body: token,
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000)),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}

/** A receiver without what may be a secret in its query, and without what steers a terminal. */
function shown(receiver: string): string {
  const { origin, pathname } = new URL(receiver);
  return `${origin}${pathname}`.slice(0, 120);
}
