import { GsacError } from '../core/errors.js';
import { type HttpMethod, httpMethods } from '../core/http-record.js';
import { parseJsonObject } from '../core/json.js';
import { toUnusableAnswer, unreadable } from './errors.js';
import type { Requests } from './retry.js';

/** A method of an API, as its discovery document declares it. */
export interface ApiMethod {
  method: HttpMethod;
  /** The address, with its path parameters in braces. */
  template: string;
  /** Where each parameter goes: `path` or `query`. */
  parameters: ReadonlyMap<string, string>;
}

/** The versions that people mean if they name none; of other APIs Google's directory knows it. */
const usualVersions: Readonly<Record<string, string>> = {
  calendar: 'v3',
  docs: 'v1',
  drive: 'v3',
  gmail: 'v1',
  oauth2: 'v2',
  people: 'v1',
  sheets: 'v4',
  slides: 'v1',
  tasks: 'v1',
  youtube: 'v3',
};

/** The largest document that is read: that of Compute Engine, the largest, has about 8 MB. */
const maxDocumentBytes = 32 * 1_048_576;

/**
 * Builds the look-up of a method by its name, `drive.files.list` or `drive:v3.files.list`, in Google's
 * discovery documents, without authorization.
 *
 * @see https://developers.google.com/discovery/v1/reference/apis
 */
export function createDiscovery({ http, retry, now }: Requests) {
  async function read(url: string, api: string): Promise<Record<string, unknown>> {
    const answer = await retry(async (leftMs) => {
      const one = await http({ method: 'GET', url, maxBytes: maxDocumentBytes, leftMs });
      const unusable = toUnusableAnswer(one, now());
      if (unusable !== undefined) throw unusable;
      return one;
    });
    if (answer.status === 404) throw unknownApi(api, new URL(url).origin);
    const document = answer.status === 200 ? parseJsonObject(answer.text) : undefined;
    if (document === undefined) throw unreadable('Google’s discovery service gives no document.');
    return document;
  }

  async function preferredVersion(api: string, root: string): Promise<string> {
    const query = `name=${encodeURIComponent(api)}&preferred=true`;
    const { items } = await read(`${root}discovery/v1/apis?${query}`, api);
    const [first] = toObjects(items);
    if (typeof first?.['version'] === 'string') return first['version'];
    throw unknownApi(api, new URL(root).origin);
  }

  /** @throws {GsacError} `usage` if there is no such API or method. */
  return async (name: string, root: string): Promise<ApiMethod> => {
    const [first = '', ...path] = name.split('.');
    const [api = '', named] = first.split(':');
    const usual = Object.hasOwn(usualVersions, api) ? usualVersions[api] : undefined;
    const version = named ?? usual ?? (await preferredVersion(api, root));
    const document = await read(
      `${root}discovery/v1/apis/${encodeURIComponent(api)}/${encodeURIComponent(version)}/rest`,
      `${api} ${version}`,
    );
    const last = path.pop() ?? '';
    let resource: unknown = document;
    for (const part of path) resource = member(member(resource, 'resources'), part);
    const method = member(member(resource, 'methods'), last);
    return toMethod(document, method) ?? unknownMethod(name, member(resource, 'methods'));
  };
}

/** Looks methods up by their names. */
export type Discovery = ReturnType<typeof createDiscovery>;

function toMethod(document: Record<string, unknown>, method: unknown): ApiMethod | undefined {
  const declared = httpMethods.find((one) => one === member(method, 'httpMethod'));
  const path = member(method, 'path');
  if (declared === undefined || typeof path !== 'string') return undefined;
  const { rootUrl, servicePath } = document;
  if (typeof rootUrl !== 'string' || typeof servicePath !== 'string') return undefined;
  const own = Object.entries(toObject(member(method, 'parameters')));
  const common = Object.entries(toObject(document['parameters']));
  const parameters = [...common, ...own].map(
    ([name, parameter]) => [name, String(member(parameter, 'location'))] as const,
  );
  return {
    method: declared,
    template: `${rootUrl}${servicePath}${path}`,
    parameters: new Map(parameters),
  };
}

const nameLikeReference =
  'Name a method as the API’s reference does, such as drive.files.list, or give a path.';

function unknownApi(api: string, origin: string): GsacError {
  return new GsacError('usage', `${origin} has no API ${JSON.stringify(api)}.`, {
    hint: nameLikeReference,
  });
}

function unknownMethod(name: string, siblings: unknown): never {
  const names = Object.keys(toObject(siblings)).slice(0, 10);
  throw new GsacError('usage', `Google has no method ${JSON.stringify(name)}.`, {
    hint: names.length === 0 ? nameLikeReference : `Beside it there are: ${names.join(', ')}.`,
  });
}

function member(value: unknown, name: string): unknown {
  const object = toObject(value);
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function toObjects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(toObject) : [];
}
