import type { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import { checkValue } from './check-value.js';
import type { FaultBoard } from './faults/board.js';
import type { FaultRequest } from './faults/model.js';
import { FaultRequestError } from './faults/parameters.js';
import { type AdminGuard, refusalOf } from './http/admin-guard.js';
import type { Call } from './http/call.js';
import type { EmulatorEnv, EmulatorParts } from './http/emulator-parts.js';
import { parseJsonObject } from './http/json.js';
import { maskEntry, type RequestLog } from './http/log.js';
import { listPaths, PATHS } from './http/paths.js';
import { renamed, toCamelCase, toSnakeCase } from './names.js';
import { createClientFile, createDesktopClientFile } from './oauth/client-file.js';
import { SignInError, type SignInRequest, signIn } from './oauth/sign-in.js';
import { SIGN_IN } from './options-schema.js';

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
    json(200, { active: faults.active, faults: faults.catalogue }),
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
      return json(200, { id, active: faults.active });
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
      return json(200, { active: faults.active });
    });
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
  return orRefuse(() => {
    const result = signIn(toSignInRequest(body), state, call.now);
    return json(200, renamed(result, toSnakeCase));
  });
}

/**
 * Reads a sign-in out of a body, whose names may be written in snake case. A name or a value that is
 * none of a sign-in's is refused: passed over, it would sign the wrong person in.
 *
 * @throws {SignInError}
 */
function toSignInRequest(body: Readonly<Record<string, unknown>>): SignInRequest {
  const request = Object.fromEntries(
    Object.entries(body).map(([given, value]) => {
      const name = given === 'scope' ? 'scopes' : toCamelCase(given);
      const isText = name === 'scopes' && typeof value === 'string';
      return [name, isText ? value.split(/[\s,]+/) : (value ?? undefined)];
    }),
  );
  try {
    checkValue(request, SIGN_IN, 'A sign-in');
  } catch (error) {
    throw new SignInError(400, 'invalid_request', (error as TypeError).message);
  }
  return request;
}

/** Answers, or says why what was asked for cannot be had. */
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
