import type { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import { describeFault, type FaultBoard } from './faults/board.js';
import { FAULTS } from './faults/faults.js';
import { FaultRequestError } from './faults/parameters.js';
import { type AdminGuard, refusalOf } from './http/admin-guard.js';
import type { Call } from './http/call.js';
import type { EmulatorEnv, EmulatorParts } from './http/emulator-parts.js';
import { parseJsonObject } from './http/json.js';
import { maskEntry, type RequestLog } from './http/log.js';
import { isForGoogle, listPaths, PATHS } from './http/paths.js';
import { listClient, listFault, listUser } from './listings.js';
import { renamed, toCamelCase, toSnakeCase } from './names.js';
import { createClientFile, createDesktopClientFile } from './oauth/client-file.js';
import {
  addUser,
  checkAsked,
  findClient,
  findUser,
  revokeAccess,
  SignInError,
  type SignInRequest,
  signIn,
} from './oauth/sign-in.js';
import {
  CLOCK,
  REVOKE,
  SECURITY_EVENT,
  SIGN_IN,
  TIME,
  USER,
  type ValueSchema,
} from './options-schema.js';
import type { Delivery, SecurityEventOrder, SecurityEvents } from './risc/security-events.js';
import type { UserSeed } from './state/model.js';
import type { EmulatorState } from './state/state.js';

/** The paths that answer, for listings. */
export const SERVED: readonly string[] = [
  `POST ${listPaths(PATHS.token)}`,
  `GET|POST ${listPaths(PATHS.authorize)}`,
  `POST ${listPaths(PATHS.device)}`,
  'GET|POST /device',
  'GET /gsi/client, and the pages that this script opens',
  `POST ${listPaths(PATHS.revoke)}`,
  `GET|POST ${listPaths(PATHS.tokeninfo)}`,
  `GET|POST ${listPaths(PATHS.userinfo)}`,
  `GET ${PATHS.certs.join(', ')}, /.well-known/openid-configuration`,
  'GET /robot/v1/metadata/x509/{email}',
  'GET|POST /drive/v3/files, GET|PATCH|DELETE /drive/v3/files/{id}, GET /drive/v3/about',
  'POST /upload/drive/v3/files, PATCH /upload/drive/v3/files/{id} (media, multipart, resumable)',
  'GET /discovery/v1/apis/drive/v3/rest',
  'GET / (a page to look at)',
  'GET /_emulator, /_emulator/client-file; POST /_emulator/sign-in, /_emulator/revoke',
  'POST /_emulator/risc',
  'GET|POST /v1beta/stream (also :update, :verify, /status, /status:update)',
  'GET|POST|DELETE /_emulator/users, /_emulator/clock, /_emulator/faults',
  'GET|DELETE /_emulator/requests',
];

/** The emulator's time. */
export interface EmulatorClock {
  /** Epoch milliseconds. */
  now(): number;
  /** How far it was set forward. */
  aheadSeconds(): number;
  /** Sets it forward, or back. @throws {TypeError} for a time that no date can hold. */
  advance(seconds: number): void;
  /** Takes back what {@link advance} did. */
  reset(): void;
}

/** What the emulator's own pages read and change, beside what every endpoint works with. */
export interface AdminParts {
  readonly faults: FaultBoard;
  readonly log: RequestLog;
  readonly time: EmulatorClock;
  readonly events: SecurityEvents;
}

/** A security event as tests and people order it. */
export interface SecurityEventRequest extends Omit<SecurityEventOrder, 'user' | 'client'> {
  /** The email; the first user. */
  readonly user?: string;
  /** The audience; the first web client. */
  readonly clientId?: string;
}

/** Posts a security event. @throws {SignInError} for a user or a client that does not exist. */
export async function sendEvent(
  { user, clientId, ...order }: SecurityEventRequest,
  state: EmulatorState,
  events: SecurityEvents,
): Promise<readonly Delivery[]> {
  const client = findClient(clientId, state);
  return events.send({ ...order, user: findUser(user, state), client });
}

/** Adds the emulator's own pages, from which everything about a running one can be changed. */
export function addAdminEndpoint(
  app: Hono<EmulatorEnv>,
  parts: EmulatorParts,
  { faults, log, time, events }: AdminParts,
): void {
  const { state } = parts;
  /** What comes of a request is the answer, unless it is refused with an error. */
  const on = (method: string, path: string, work: (call: Call) => object | Promise<object>) =>
    app.on(method, `/_emulator${path}`, async ({ env: { call } }) => {
      try {
        return json(200, await work(call));
      } catch (error) {
        if (error instanceof SignInError) return refuse(error.status, error.error, error.message);
        if (error instanceof FaultRequestError) return refuse(400, 'unknown_fault', error.message);
        throw error;
      }
    });
  on('GET', '', () => describe(parts));
  on('GET', '/client-file', ({ query }) => {
    const id = query.get('client_id') ?? undefined;
    const origin = parts.origin();
    const file =
      createClientFile(state, origin, id) ??
      (id && createDesktopClientFile(state, origin, 'installed', id)) ??
      (id && createDesktopClientFile(state, origin, 'device', id));
    if (file) return file;
    throw new SignInError(404, 'unknown_client', 'There is no such client file.');
  });
  on('POST', '/sign-in', (call) => {
    const request: SignInRequest = readBody(call, SIGN_IN, 'A sign-in');
    return renamed(signIn(request, state, call.now), toSnakeCase);
  });
  const users = () => ({ users: [...state.users.values()].map(listUser) });
  on('GET', '/users', users);
  on('POST', '/users', (call) =>
    listUser(addUser(readBody<UserSeed>(call, USER, 'A user'), state)),
  );
  on('DELETE', '/users', (call) => {
    const { email = '' } = readQuery(call, 'email');
    state.removeUser(findUser(email, state));
    return users();
  });
  on('POST', '/revoke', (call) => {
    const whose = readBody<{ user?: string; clientId?: string }>(call, REVOKE, 'A revocation');
    const user = findUser(whose.user, state);
    const client = findClient(whose.clientId, state);
    return { user: user.email, had_access: revokeAccess(user, client, state) };
  });
  on('POST', '/risc', async (call) => {
    const order = readBody<SecurityEventRequest>(call, SECURITY_EVENT, 'A security event');
    return { deliveries: await sendEvent(order, state, events) };
  });
  const clock = () => ({
    now: new Date(time.now()).toISOString(),
    ahead_seconds: time.aheadSeconds(),
  });
  on('GET', '/clock', clock);
  on('POST', '/clock', (call) => {
    const { advanceSeconds } = readBody<{ advanceSeconds: number }>(call, CLOCK, 'The clock');
    checkAsked(time.now() + advanceSeconds * 1000, TIME, 'The new time');
    time.advance(advanceSeconds);
    return clock();
  });
  on('DELETE', '/clock', () => {
    time.reset();
    return clock();
  });
  const active = () => faults.active.map(listFault);
  on('GET', '/faults', (call) => {
    const { name } = readQuery(call, 'name');
    if (name === undefined) return { active: active(), faults: FAULTS.map((fault) => fault.name) };
    const { parameters, ...fault } = describeFault(name);
    return { ...fault, parameters: renamed(parameters, toSnakeCase) };
  });
  on('POST', '/faults', ({ body: bytes }) => {
    const body = parseJsonObject(bytes);
    const { name, fault } = body ?? {};
    if (typeof fault === 'string') return { id: faults.order(fault), active: active() };
    if (typeof name !== 'string')
      throw invalid('Send a JSON object with a "name", or "fault" as text.');
    return { id: faults.inject({ ...body, name }), active: active() };
  });
  on('DELETE', '/faults', (call) => {
    const { name, id } = readQuery(call, 'name', 'id');
    if (id !== undefined && !/^\d+$/.test(id)) throw invalid('An "id" is a number.');
    faults.clear(id === undefined ? name : Number(id));
    return { active: active() };
  });
  on('GET', '/requests', (call) => {
    const { path, limit = '', after = '' } = readQuery(call, 'path', 'limit', 'after');
    if (!/^\d*$/.test(`${limit}${after}`)) {
      throw invalid('A "limit" and an "after" are numbers.');
    }
    const found = log.list(path, Number(after));
    const requests = limit === '' ? found : found.slice(Math.max(0, found.length - Number(limit)));
    // `next` is for the next request's `after`.
    return { count: log.count(path), next: log.count(), requests: requests.map(maskEntry) };
  });
  on('DELETE', '/requests', () => {
    log.clear();
    return { count: 0, requests: [] };
  });
}

/**
 * Refuses a request to the emulator's own pages that a page of the web may have sent; undefined for
 * every other request. Does not touch its body.
 */
export function refuseForeign(request: Request, url: URL, guard: AdminGuard): Response | undefined {
  // By the router's own reading of the path, so that no other spelling of it goes past the guard.
  const path = getPath(request);
  const isPage = path === '/' && !isForGoogle({ url });
  if (!isPage && !/^\/_emulator(\/|$)/.test(path)) return undefined;
  const refusal = refusalOf(url, request.headers, guard, path);
  return refusal === undefined ? undefined : refuse(403, 'forbidden', refusal);
}

/** Answers a path that nobody serves, naming those that are. */
export function answerUnknown(call: Call): Response {
  return json(404, {
    error: 'not_found',
    error_description: `The emulator does not serve ${call.method} ${call.path}.`,
    served: SERVED,
  });
}

function describe({ state, origin }: EmulatorParts): Record<string, unknown> {
  return {
    emulator: "Google's sign-in and Drive endpoints, emulated on this machine. Not Google.",
    origin: origin(),
    users: [...state.users.values()].map(listUser),
    clients: [...state.clients.values()].map(listClient),
    served: SERVED,
  };
}

/**
 * Reads a JSON body, whose names may be written in snake case. A name or a value that the schema does not
 * have is refused: passed over, it would do something else than was asked.
 * @throws {SignInError}
 */
function readBody<T extends object>({ body: bytes }: Call, schema: ValueSchema, what: string): T {
  const given = bytes.length === 0 ? {} : parseJsonObject(bytes);
  if (!given) throw invalid('Send a JSON object.');
  const body = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const name = key === 'scope' ? 'scopes' : toCamelCase(key);
      const isText = name === 'scopes' && typeof value === 'string';
      return [name, isText ? value.split(/[\s,]+/) : (value ?? undefined)];
    }),
  );
  checkAsked(body, schema, what);
  return body as T;
}

/** Reads a query that has no other names than these. @throws {SignInError} */
function readQuery<N extends string>({ query }: Call, ...names: readonly N[]) {
  const fields: Partial<Record<N, string>> = {};
  for (const [name, value] of query) {
    const known = names.find((one) => one === name);
    if (!known) throw invalid(`There is no "${name}"; this page takes ${names.join(', ')}.`);
    fields[known] ??= value;
  }
  return fields;
}

function invalid(words: string): SignInError {
  return new SignInError(400, 'invalid_request', words);
}

function json(status: number, body: unknown): Response {
  return new Response(`${JSON.stringify(body, null, 2)}\n`, {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function refuse(status: number, error: string, description: string): Response {
  return json(status, { error, error_description: description });
}
