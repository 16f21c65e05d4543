import { setTimeout } from 'node:timers/promises';
import { Hono } from 'hono';
import {
  type AdminParts,
  addAdminEndpoint,
  answerUnknown,
  type EmulatorClock,
  refuseForeign,
  type SecurityEventRequest,
  sendEvent,
} from './admin-endpoint.js';
import { checkValue } from './check-value.js';
import { addDriveEndpoint } from './drive/endpoint.js';
import { FaultBoard } from './faults/board.js';
import type { FaultRequest } from './faults/model.js';
import { addGsiEndpoint } from './gsi/endpoint.js';
import type { AdminGuard } from './http/admin-guard.js';
import { bodyTooLarge, readBody } from './http/body.js';
import { type Call, METHODS, toCall } from './http/call.js';
import { allowPage } from './http/cors.js';
import type { EmulatorEnv, EmulatorParts } from './http/emulator-parts.js';
import { answerAsGoogle, GOOGLE, refuseHost, rootsAt } from './http/google-hosts.js';
import { type RequestEntry, RequestLog, renderRequest, toRequestEntry } from './http/log.js';
import { isForGoogle } from './http/paths.js';
import { htmlMethodNotAllowed } from './http/respond.js';
import { addAuthorizeEndpoint } from './oauth/authorize-endpoint.js';
import { addCertsEndpoint } from './oauth/certs-endpoint.js';
import {
  createClientFile,
  createDesktopClientFile,
  createServiceAccountFile,
} from './oauth/client-file.js';
import { addDeviceEndpoint } from './oauth/device-endpoint.js';
import { addIdentityEndpoints } from './oauth/identity-endpoint.js';
import { type SignInRequest, signIn } from './oauth/sign-in.js';
import { addTokenEndpoint } from './oauth/token-endpoint.js';
import { NUMBER, TIME } from './options-schema.js';
import { addPage, type PageParts } from './page/endpoint.js';
import { addRiscEndpoint } from './risc/endpoint.js';
import { SecurityEvents } from './risc/security-events.js';
import { KeyRing } from './state/keys.js';
import type { ClientSeed, EmulatorSwitches, ServiceAccountSeed, UserSeed } from './state/model.js';
import { createRandom } from './state/random.js';
import {
  checkSavedState,
  restoreState,
  type SavedEmulator,
  SavedStateError,
  saveState,
  withSavedUsers,
} from './state/saved-state.js';
import { SEED_CLIENTS, SEED_USERS } from './state/seed.js';
import { SEED_SERVICE_ACCOUNTS } from './state/service-accounts.js';
import { EmulatorState } from './state/state.js';

/** Settings of an emulator; each has a default. */
export interface EmulatorOptions {
  /** The time in epoch milliseconds; `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** The origin that answers name, without a slash at the end; `http://127.0.0.1:8085`. */
  readonly origin?: string;
  /** 600. */
  readonly codeLifetimeSeconds?: number;
  /** 3599, as Google says it. */
  readonly accessTokenLifetimeSeconds?: number;
  /** How many more files the first user's appfolder holds beside its nice ones; 0. */
  readonly seedFiles?: number | undefined;
  /** Replaces the seeded users. */
  readonly users?: readonly UserSeed[];
  /** Replaces the seeded clients; the first web client is the default one. */
  readonly clients?: readonly ClientSeed[];
  /** Replaces the seeded service account. All sign with one public test key. */
  readonly serviceAccounts?: readonly ServiceAccountSeed[];
  /**
   * Makes codes, tokens, ids and signing keys the same in every run, as long as the requests come in
   * the same order; with a clock that stands still, whole answers are. Whoever knows the seed knows
   * them all.
   */
  readonly seed?: string | undefined;
  /** What goes wrong from the start, each as text (`status:status=429,times=2`) or as an object. */
  readonly faults?: readonly (FaultRequest | string)[];
  /**
   * What an earlier emulator remembered: consents, codes, grants, files, keys. Users and clients come
   * from the options; what belongs to one that is there no more is left out.
   */
  readonly saved?: unknown;
  /** Told after each request that may have changed what is remembered. */
  readonly onChange?: () => void;
  /** What Google does where nobody has verified it. */
  readonly switches?: Partial<EmulatorSwitches>;
  /** Told of every request, with a line for people that holds no secret. */
  readonly onRequest?: (line: string, entry: RequestEntry) => void;
  /** Where security events of every project are posted, until a project registers a receiver. */
  readonly riscReceiver?: string | undefined;
  /** Told of every security event that was posted, in a line for people. */
  readonly onDelivery?: (line: string) => void;
  /** How the `latency` fault waits. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Google on this machine. */
export type Emulator = ReturnType<typeof createEmulator>;

const DEFAULT_SWITCHES: EmulatorSwitches = {
  reuseRevokesTokens: false,
  redeemedWording: 'Bad Request',
  revokeBody: '{}',
  mismatchBurnsCode: false,
  deviceAppdata: false,
  adminPolicyStatus: 400,
};

/**
 * Creates an emulator in memory. It listens nowhere; see `serveEmulator`.
 * @param page what its page shows of gsac's.
 * @throws {FaultRequestError} for a fault that does not exist.
 * @throws {SavedStateError} where `saved` cannot be understood.
 */
export function createEmulator(options: EmulatorOptions = {}, page: PageParts = {}) {
  let aheadMs = 0;
  const clock = () => (options.clock ?? Date.now)() + aheadMs;
  const time: EmulatorClock = {
    now: clock,
    aheadSeconds: () => aheadMs / 1000,
    advance(seconds) {
      checkValue(seconds, NUMBER, 'advance: seconds');
      checkValue(clock() + seconds * 1000, TIME, 'advance: the new time');
      aheadMs += seconds * 1000;
    },
    reset() {
      aheadMs = 0;
    },
  };
  let origin = withoutSlash(options.origin ?? 'http://127.0.0.1:8085');
  const saved = options.saved === undefined ? undefined : checkSavedState(options.saved);
  const { seed } = options;
  const random = createRandom(seed, seed !== undefined && saved?.seed === seed ? saved.drawn : 0);
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const users = options.users ?? SEED_USERS;
  const state = new EmulatorState(
    {
      users: saved ? withSavedUsers(users, saved) : users,
      clients: options.clients ?? SEED_CLIENTS,
      serviceAccounts: options.serviceAccounts ?? SEED_SERVICE_ACCOUNTS,
      codeLifetimeSeconds: options.codeLifetimeSeconds ?? 600,
      accessTokenLifetimeSeconds: options.accessTokenLifetimeSeconds ?? 3599,
      accessTokenKey: saved && Buffer.from(saved.access_token_key, 'hex'),
    },
    random,
  );
  if (saved) restoreState(state, saved);
  state.seedFiles(users, options.seedFiles ?? 0);
  const keys = restoreKeys(seed, saved);
  const { sleep = setTimeout } = options;
  const { adminPolicyStatus } = switches;
  const faults = new FaultBoard({ state, keys, sleep, adminPolicyStatus });
  for (const fault of options.faults ?? []) faults.order(fault);
  const parts: EmulatorParts = { state, keys, hooks: faults, switches, origin: () => origin };
  const requests = new RequestLog();
  const events = new SecurityEvents({
    state,
    keys,
    now: clock,
    spoil: ({ user, client }, draft) => faults.securityEvent(user, client.clientId, draft),
    onDelivery: options.onDelivery ?? (() => undefined),
    receiver: options.riscReceiver,
  });
  const admin = { faults, log: requests, time, events };
  const app = createRouter(parts, admin);
  const exchanges = addPage(app, parts, admin, page);

  const answer = async (call: Call, request: Request): Promise<Response> => {
    await faults.before(call);
    const response = faults.answer(call) ?? refuseHost(call) ?? (await route(app, call, request));
    return faults.after(call, response);
  };
  const record = (call: Call, response: Response | undefined, started: number): void => {
    if (call.family === 'emulator') return;
    state.countUse(call.accessToken?.authorization, call.form.get('refresh_token'));
    const entry = toRequestEntry(call, response, performance.now() - started);
    requests.add(entry);
    exchanges.see(call, response, entry);
    options.onRequest?.(renderRequest(entry), entry);
  };

  return {
    state,
    requests,
    faults,
    time,
    get origin() {
      return origin;
    },
    setOrigin(value: string) {
      origin = withoutSlash(value);
    },
    /**
     * Answers a request to any endpoint, whatever its host is; with a guard, the emulator's own pages
     * are kept from the web's.
     * @throws {TypeError} with code `ECONNRESET` where the `reset` fault cuts the connection.
     */
    async fetch(request: Request, guard?: AdminGuard): Promise<Response> {
      const started = performance.now();
      const url = new URL(request.url);
      const refused = guard && refuseForeign(request, url, guard);
      if (refused) return refused;
      const body = await readBody(request, url.pathname);
      const call = toCall(request, url, body ?? Buffer.alloc(0), state, clock());
      let response: Response | undefined;
      try {
        response = body === undefined ? bodyTooLarge(url.pathname) : await answer(call, request);
      } finally {
        record(call, response, started);
        if (call.method !== 'GET' || call.family === 'drive') options.onChange?.();
      }
      response.headers.set('date', new Date(call.now).toUTCString());
      allowPage(call, response.headers);
      return response;
    },
    /** The client file of a web client. @throws {Error} where there is no such client. */
    clientFile: (clientId?: string) =>
      createClientFile(state, origin, clientId) ?? noClient('web', clientId),
    /** The client file of a desktop client. @throws {Error} where there is no such client. */
    desktopClientFile: (clientId?: string) =>
      createDesktopClientFile(state, origin, 'installed', clientId) ??
      noClient('desktop', clientId),
    /** The client file of a client of devices. @throws {Error} where there is no such client. */
    deviceClientFile: (clientId?: string) =>
      createDesktopClientFile(state, origin, 'device', clientId) ?? noClient('device', clientId),
    /**
     * The key file of a service account, with the emulator's addresses or Google's own.
     * @throws {Error} where there is no such account.
     */
    serviceAccountFile(email?: string, ofGoogle = false) {
      const file = createServiceAccountFile(state, ofGoogle ? GOOGLE : rootsAt(origin), email);
      if (file === undefined) throw new Error(`The emulator has no service account ${email ?? ''}`);
      return file;
    },
    /** What the phone does: signs in and makes a code. @throws {SignInError} */
    signIn: (request: SignInRequest = {}) => signIn(request, state, clock()),
    /** Posts a security event. @throws {SignInError} for a user or a client that does not exist. */
    sendEvent: (order: SecurityEventRequest) => sendEvent(order, state, events),
    /** Makes something go wrong. @throws {FaultRequestError} */
    inject(fault: FaultRequest): void {
      faults.inject(fault);
    },
    /** Everything that it remembers, as plain data that `saved` takes. The log is not in it. */
    save: (): SavedEmulator => ({
      ...saveState(state),
      seed: seed ?? null,
      drawn: random.drawn,
      signing_keys: keys.save(),
    }),
  };
}

function restoreKeys(seed: string | undefined, saved: SavedEmulator | undefined): KeyRing {
  try {
    return new KeyRing(seed, saved?.signing_keys);
  } catch {
    throw new SavedStateError('Its "signing_keys" are not keys');
  }
}

function createRouter(parts: EmulatorParts, admin: AdminParts): Hono<EmulatorEnv> {
  const app = new Hono<EmulatorEnv>();
  addTokenEndpoint(app, parts);
  addAuthorizeEndpoint(app, parts);
  addDeviceEndpoint(app, parts);
  addGsiEndpoint(app, parts);
  addIdentityEndpoints(app, parts);
  addCertsEndpoint(app, parts);
  addDriveEndpoint(app, parts);
  addRiscEndpoint(app, parts, admin.events);
  addAdminEndpoint(app, parts, admin);
  app.options('*', () => new Response(null, { status: 204, headers: { allow: ALLOWED } }));
  app.notFound(({ env: { call } }) =>
    isForGoogle(call) ? answerAsGoogle(call) : answerUnknown(call),
  );
  app.onError((error) => {
    // A bug of the emulator must not pass for an answer of Google's.
    throw error;
  });
  return app;
}

const ALLOWED = METHODS.join(', ');

function route(app: Hono<EmulatorEnv>, call: Call, request: Request): Response | Promise<Response> {
  const { method, url, path, unknownMethod } = call;
  if (unknownMethod !== undefined) return htmlMethodNotAllowed(unknownMethod, path);
  return app.fetch(method === request.method ? request : new Request(url, { method }), { call });
}

function withoutSlash(origin: string): string {
  let end = origin.length;
  while (origin[end - 1] === '/') end -= 1;
  return origin.slice(0, end);
}

function noClient(kind: string, clientId = ''): never {
  throw new Error(`The emulator has no ${kind} client ${clientId}`);
}
