import type { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import { describeFault, type FaultBoard } from './faults/board.js';
import { FAULTS } from './faults/faults.js';
import type { FaultRequest } from './faults/model.js';
import { FaultRequestError } from './faults/parameters.js';
import { type AdminGuard, refusalOf } from './http/admin-guard.js';
import type { Call } from './http/call.js';
import type { EmulatorEnv, EmulatorParts } from './http/emulator-parts.js';
import { parseJsonObject } from './http/json.js';
import { maskEntry, type RequestLog } from './http/log.js';
import { isForGoogle, listPaths, PATHS } from './http/paths.js';
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
import type { EmulatorUser, UserSeed } from './state/model.js';
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
export interface SecurityEventRequest
  extends Pick<SecurityEventOrder, 'event' | 'receiver' | 'forgery' | 'reason' | 'state'> {
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
  app.get('/_emulator', () => json(200, describe(parts)));
  app.get('/_emulator/client-file', (c) => {
    const id = c.env.call.query.get('client_id');
    const file =
      createClientFile(state, parts.origin(), id) ??
      (id === null
        ? undefined
        : (createDesktopClientFile(state, parts.origin(), id) ??
          createDesktopClientFile(state, parts.origin(), id, 'device')));
    return file ? json(200, file) : refuse(404, 'unknown_client', 'There is no such client file.');
  });
  app.post('/_emulator/sign-in', (c) =>
    onBody(c.env.call, SIGN_IN, 'A sign-in', (body) =>
      renamed(signIn(body as SignInRequest, state, c.env.call.now), toSnakeCase),
    ),
  );
  const users = () => json(200, { users: [...state.users.values()].map(toListed) });
  app.get('/_emulator/users', users);
  app.post('/_emulator/users', (c) =>
    onBody(c.env.call, USER, 'A user', (body) =>
      toListed(addUser(body as unknown as UserSeed, state)),
    ),
  );
  app.delete('/_emulator/users', ({ env: { call } }) =>
    orRefuse(() => {
      const refusal = refuseOthers(call.query, ['email']);
      if (refusal !== undefined) return refusal;
      state.removeUser(findUser(call.query.get('email') ?? '', state));
      return users();
    }),
  );
  app.post('/_emulator/revoke', (c) =>
    onBody(c.env.call, REVOKE, 'A revocation', ({ user, clientId }) => {
      const found = findUser(user as string | undefined, state);
      const client = findClient(clientId as string | undefined, state);
      return { user: found.email, had_access: revokeAccess(found, client, state) };
    }),
  );
  app.post('/_emulator/risc', (c) =>
    onBody(c.env.call, SECURITY_EVENT, 'A security event', async (body) => ({
      deliveries: await sendEvent(body as unknown as SecurityEventRequest, state, events),
    })),
  );
  const clock = () => ({
    now: new Date(time.now()).toISOString(),
    ahead_seconds: time.aheadSeconds(),
  });
  app.get('/_emulator/clock', () => json(200, clock()));
  app.post('/_emulator/clock', (c) =>
    onBody(c.env.call, CLOCK, 'The clock', ({ advanceSeconds }) => {
      checkAsked(time.now() + Number(advanceSeconds) * 1000, TIME, 'The new time');
      time.advance(Number(advanceSeconds));
      return clock();
    }),
  );
  app.delete('/_emulator/clock', () => {
    time.reset();
    return json(200, clock());
  });
  const active = () =>
    faults.active.map((one) => ({ ...one, fault: renamed(one.fault, toSnakeCase) }));
  app.get('/_emulator/faults', ({ env: { call } }) =>
    orRefuse(() => {
      const refusal = refuseOthers(call.query, ['name']);
      if (refusal !== undefined) return refusal;
      const name = call.query.get('name');
      if (name === null) {
        return json(200, { active: active(), faults: FAULTS.map((fault) => fault.name) });
      }
      const { parameters, ...fault } = describeFault(name);
      return json(200, { ...fault, parameters: renamed(parameters, toSnakeCase) });
    }),
  );
  app.post('/_emulator/faults', (c) => {
    const body = parseJsonObject(c.env.call.body);
    const name = body?.['name'];
    const text = body?.['fault'];
    if (!body || (typeof name !== 'string' && typeof text !== 'string')) {
      const words = 'Send a JSON object with a "name", or "fault" as text.';
      return refuse(400, 'invalid_request', words);
    }
    return orRefuse(() => {
      const id =
        typeof text === 'string'
          ? faults.order(text)
          : faults.inject({ ...body, name } as FaultRequest);
      return json(200, { id, active: active() });
    });
  });
  app.delete('/_emulator/faults', (c) => {
    const { query } = c.env.call;
    const refusal = refuseOthers(query, ['name', 'id']);
    if (refusal !== undefined) return refusal;
    const name = query.get('name') ?? undefined;
    const id = query.get('id') ?? undefined;
    if (id !== undefined && !/^\d+$/.test(id)) {
      return refuse(400, 'invalid_request', 'An "id" is a number.');
    }
    return orRefuse(() => {
      faults.clear(id === undefined ? name : Number(id));
      return json(200, { active: active() });
    });
  });
  app.get('/_emulator/requests', (c) => {
    const { query } = c.env.call;
    const refusal = refuseOthers(query, ['path', 'limit', 'after']);
    if (refusal !== undefined) return refusal;
    const path = query.get('path') ?? undefined;
    const [limit, after] = ['limit', 'after'].map((name) => query.get(name) ?? '');
    if (!/^\d*$/.test(`${limit}${after}`)) {
      return refuse(400, 'invalid_request', 'A "limit" and an "after" are numbers.');
    }
    const found = log.list(path, Number(after));
    const requests = limit === '' ? found : found.slice(Math.max(0, found.length - Number(limit)));
    return json(200, {
      count: log.count(path),
      // For the next request's `after`.
      next: log.count(),
      requests: requests.map(maskEntry),
    });
  });
  app.delete('/_emulator/requests', () => {
    log.clear();
    return json(200, { count: 0, requests: [] });
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
    users: [...state.users.values()].map(toListed),
    clients: [...state.clients.values()].map(({ clientId, kind, project, status }) => ({
      client_id: clientId,
      kind,
      project_id: project.id,
      status,
    })),
    served: SERVED,
  };
}

function toListed({ email, sub, name, hd, emailVerified }: EmulatorUser): object {
  return { email, sub, name, hd, email_verified: emailVerified };
}

/**
 * Answers with what comes of a JSON body, whose names may be written in snake case. A name or a value
 * that the schema does not have is refused: passed over, it would do something else than was asked.
 */
async function onBody(
  { body: bytes }: Call,
  schema: ValueSchema,
  what: string,
  work: (body: Readonly<Record<string, unknown>>) => object | Promise<object>,
): Promise<Response> {
  const given = parseJsonObject(bytes.length === 0 ? Buffer.from('{}') : bytes);
  if (!given) return refuse(400, 'invalid_request', 'Send a JSON object.');
  const body = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const name = key === 'scope' ? 'scopes' : toCamelCase(key);
      const isText = name === 'scopes' && typeof value === 'string';
      return [name, isText ? value.split(/[\s,]+/) : (value ?? undefined)];
    }),
  );
  try {
    checkAsked(body, schema, what);
    return json(200, await work(body));
  } catch (error) {
    return orRefuse(() => {
      throw error;
    });
  }
}

/** Answers, or says why not. */
function orRefuse(answer: () => Response): Response {
  try {
    return answer();
  } catch (error) {
    if (error instanceof SignInError) return refuse(error.status, error.error, error.message);
    if (error instanceof FaultRequestError) return refuse(400, 'unknown_fault', error.message);
    throw error;
  }
}

/** The refusal of a query that has other names than these; undefined where it has none. */
function refuseOthers(query: URLSearchParams, names: readonly string[]): Response | undefined {
  const other = [...query.keys()].find((name) => !names.includes(name));
  if (other === undefined) return undefined;
  return refuse(
    400,
    'invalid_request',
    `There is no "${other}"; this page takes ${names.join(', ')}.`,
  );
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
