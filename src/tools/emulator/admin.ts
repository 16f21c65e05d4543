import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json-object.js';
import { toUnusableAnswer } from '../../google/errors.js';
import type { Http } from '../../google/http.js';
import type { ActiveFault, EmulatorAdmin, EmulatorRequest } from './admin-port.js';

/** The log of 5,000 requests, with what each of them sent, takes several megabytes. */
const maxLogBytes = 64 * 1_048_576;

type Fields = Readonly<Record<string, unknown>>;

/** Controls a running emulator by its own endpoints. Google has no such thing. */
export function createEmulatorAdmin(http: Http, now: () => number): EmulatorAdmin {
  async function ask(method: 'GET' | 'POST' | 'DELETE', url: URL, body?: Fields): Promise<Fields> {
    const answer = await http({
      method,
      url: url.href,
      maxBytes: maxLogBytes,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const unusable = toUnusableAnswer(answer, now());
    if (unusable !== undefined) throw unusable;
    const fields = parseJsonObject(answer.text) ?? {};
    if (answer.status === 200) return fields;
    const words = fields['error_description'] ?? fields['error'] ?? answer.status;
    throw new GsacError('usage', `The emulator refuses: ${String(words).replace(/\.$/, '')}.`, {
      hint: 'See `gsac emulator faults`.',
    });
  }

  const at = (
    origin: string,
    path: string,
    query: Readonly<Record<string, string | undefined>> = {},
  ) => {
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  };

  return {
    activeFaults: async (origin) => toActive(await ask('GET', at(origin, '/_emulator/faults'))),
    async order(origin, fault) {
      const body = await ask('POST', at(origin, '/_emulator/faults'), { fault });
      return { id: Number(body['id']), active: toActive(body) };
    },
    async clear(origin, which) {
      const query = Object.entries(which ?? {}).map(([name, value]) => [name, String(value)]);
      const url = at(origin, '/_emulator/faults', Object.fromEntries(query));
      return toActive(await ask('DELETE', url));
    },
    async requests(origin, path) {
      const body = await ask('GET', at(origin, '/_emulator/requests', { path }));
      return {
        count: Number(body['count'] ?? 0),
        requests: listOf(body['requests']).map(toRequest),
      };
    },
    async clearRequests(origin) {
      await ask('DELETE', at(origin, '/_emulator/requests'));
    },
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
  const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : null);
  return {
    at: Number(entry['at']),
    method: text('method') ?? '',
    path: text('path') ?? '',
    status: Number(entry['status']),
    milliseconds: Number(entry['milliseconds']),
    grantType: text('grantType'),
    clientId: text('clientId'),
    user: text('user'),
    auth: text('auth') ?? '',
    form: textsOf(entry['form']),
    query: textsOf(entry['query']),
  };
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
