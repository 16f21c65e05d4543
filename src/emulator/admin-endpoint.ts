import type { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import type { FaultBoard } from './faults/board.js';
import type { FaultRequest } from './faults/model.js';
import { FaultRequestError, toSnakeCase } from './faults/parameters.js';
import { type AdminGuard, refusalOf } from './http/admin-guard.js';
import { type Call, parseJsonObject } from './http/call.js';
import type { EmulatorEnv, EmulatorParts } from './http/emulator-parts.js';
import { maskEntry, type RequestLog } from './http/log.js';
import { listPaths, PATHS } from './http/paths.js';
import { createClientFile, createDesktopClientFile } from './oauth/client-file.js';
import { SignInError, type SignInRequest, signIn } from './oauth/sign-in.js';

/** The paths that answer, for listings. */
export const SERVED: readonly string[] = [
  `POST ${listPaths(PATHS.token)}`,
  `GET|POST ${listPaths(PATHS.authorize)}`,
  `POST ${listPaths(PATHS.revoke)}`,
  `GET|POST ${listPaths(PATHS.tokeninfo)}`,
  `GET|POST ${listPaths(PATHS.userinfo)}`,
  `GET ${PATHS.certs.join(', ')}, /.well-known/openid-configuration`,
  'GET|POST /drive/v3/files, GET|PATCH|DELETE /drive/v3/files/{id}, GET /drive/v3/about',
  'POST /upload/drive/v3/files, PATCH /upload/drive/v3/files/{id} (media, multipart, resumable)',
  'GET /discovery/v1/apis/drive/v3/rest',
  'GET /_emulator, /_emulator/client-file; POST /_emulator/sign-in',
  'GET|POST|DELETE /_emulator/faults; GET|DELETE /_emulator/requests',
];

/** Adds the emulator's own pages: signing in, faults, the request log, the client file. */
export function addAdminEndpoint(
  app: Hono<EmulatorEnv>,
  parts: EmulatorParts,
  faults: FaultBoard,
  log: RequestLog,
): void {
  const { state } = parts;
  app.get('/_emulator', () => json(200, describe(parts)));
  app.get('/_emulator/client-file', (c) => {
    const id = c.env.call.query.get('client_id');
    const file =
      createClientFile(state, parts.origin(), id) ??
      (id === null ? undefined : createDesktopClientFile(state, parts.origin(), id));
    return file ? json(200, file) : refuse(404, 'unknown_client', 'No such web or desktop client.');
  });
  app.post('/_emulator/sign-in', (c) => answerSignIn(c.env.call, parts));
  app.get('/_emulator/faults', () =>
    json(200, {
      active: faults.active,
      faults: faults.definitions.map(({ name, summary, source, parameters = {} }) => ({
        name,
        summary,
        source,
        parameters,
      })),
    }),
  );
  app.post('/_emulator/faults', (c) => {
    const body = parseJsonObject(c.env.call.body);
    const name = body?.['name'];
    const text = body?.['fault'];
    if (!body || (typeof name !== 'string' && typeof text !== 'string')) {
      return refuse(
        400,
        'invalid_request',
        'Send a JSON object with a "name", or "fault" as text.',
      );
    }
    try {
      const id =
        typeof text === 'string'
          ? faults.order(text)
          : faults.inject({ ...body, name } as FaultRequest);
      return json(200, { id, active: faults.active });
    } catch (error) {
      if (error instanceof FaultRequestError) return refuse(400, 'unknown_fault', error.message);
      throw error;
    }
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
    if (name !== undefined && !faults.definitions.some((one) => one.name === name)) {
      return refuse(400, 'unknown_fault', `There is no fault "${name}".`);
    }
    faults.clear(id === undefined ? name : Number(id));
    return json(200, { active: faults.active });
  });
  app.get('/_emulator/requests', (c) => {
    const { query } = c.env.call;
    const refusal = refuseOthers(query, ['path']);
    if (refusal !== undefined) return refusal;
    const path = query.get('path') ?? undefined;
    return json(200, { count: log.count(path), requests: log.list(path).map(maskEntry) });
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
  if (!/^\/_emulator(\/|$)/.test(getPath(request))) return undefined;
  const refusal = refusalOf(url, request.headers, guard);
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
    users: [...state.users.values()].map(({ email, sub, hd }) => ({ email, sub, hd })),
    clients: [...state.clients.values()].map(({ clientId, kind, project, status }) => ({
      client_id: clientId,
      kind,
      project_id: project.id,
      status,
    })),
    served: SERVED,
  };
}

function answerSignIn(call: Call, { state }: EmulatorParts): Response {
  const body = parseJsonObject(call.body.length === 0 ? Buffer.from('{}') : call.body);
  if (!body) return refuse(400, 'invalid_request', 'Send a JSON object.');
  try {
    const result = signIn(toSignInRequest(body), state, call.now);
    const { code, user, clientId, scopes, source, redirectUri } = result;
    return json(200, {
      code,
      user,
      client_id: clientId,
      scopes,
      source,
      redirect_uri: redirectUri,
    });
  } catch (error) {
    if (error instanceof SignInError) return refuse(error.status, error.error, error.message);
    throw error;
  }
}

/** What a body may hold, by its name in JSON; those of a {@link SignInRequest}, too, are taken. */
const SIGN_IN_FIELDS: Readonly<Record<string, { field: keyof SignInRequest; type: string }>> = {
  client_id: { field: 'clientId', type: 'string' },
  app_client_id: { field: 'appClientId', type: 'string' },
  user: { field: 'user', type: 'string' },
  source: { field: 'source', type: 'string' },
  redirect_uri: { field: 'redirectUri', type: 'string' },
  code_challenge: { field: 'codeChallenge', type: 'string' },
  code_challenge_method: { field: 'codeChallengeMethod', type: 'string' },
  nonce: { field: 'nonce', type: 'string' },
  access_type: { field: 'accessType', type: 'string' },
  force_consent: { field: 'forceConsent', type: 'boolean' },
  scopes: { field: 'scopes', type: 'list' },
  scope: { field: 'scopes', type: 'list' },
};

/**
 * Reads a sign-in out of a body, whose names may be written in camel case, too. A name or a type that is
 * none of a sign-in's is refused: passed over, it would sign the wrong person in.
 *
 * @throws {SignInError}
 */
function toSignInRequest(body: Readonly<Record<string, unknown>>): SignInRequest {
  const request: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(body)) {
    const name = toSnakeCase(given);
    const known = Object.hasOwn(SIGN_IN_FIELDS, name) ? SIGN_IN_FIELDS[name] : undefined;
    if (known === undefined) {
      const names = Object.keys(SIGN_IN_FIELDS).join(', ');
      throw new SignInError(400, 'invalid_request', `There is no "${given}"; it takes ${names}.`);
    }
    if (value === undefined || value === null) continue;
    request[known.field] = readField(name, known.type, value);
  }
  return request;
}

function readField(name: string, type: string, value: unknown): unknown {
  if (type === 'list' && typeof value === 'string') return value.split(/[\s,]+/);
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (type === 'list' ? isTexts : typeof value === type) return value;
  const wanted = { list: 'a text or a list of texts', boolean: 'true or false', string: 'a text' };
  const words = wanted[type as keyof typeof wanted];
  throw new SignInError(400, 'invalid_request', `"${name}" must be ${words}.`);
}

/** The refusal of a query that has other names than these; undefined where it has none. */
function refuseOthers(query: URLSearchParams, names: readonly string[]): Response | undefined {
  const other = [...query.keys()].find((name) => !names.includes(name));
  if (other === undefined) return undefined;
  return refuse(400, 'invalid_request', `There is no "${other}"; it takes ${names.join(', ')}.`);
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
