import { randomUUID } from 'node:crypto';
import { mostRows, type PageRow, type Said } from '../../page/row.js';
import { parseJsonObject } from '../http/json.js';
import { maskEntry, maskText, type RequestEntry, type RequestLog } from '../http/log.js';
import { type Family, isForGoogle } from '../http/paths.js';
import type { Exchange, Exchanges } from './exchanges.js';

/** A refusal, as whoever explains it has it; secrets are in it. */
export interface RefusedRequest {
  readonly family: Family;
  readonly status: number;
  readonly auth: RequestEntry['auth'];
  readonly grantType: string | undefined;
  readonly form: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Says why something was refused. */
export type Explain = (refused: RefusedRequest) => Promise<readonly Said[]>;

/** What the rows are made from. */
interface RowParts {
  readonly log: RequestLog;
  readonly exchanges: Exchanges;
  readonly explain: Explain | undefined;
}

const mostKnown = 200;

/** Makes the rows of the page from the log, each once. */
export function createRows({ log, exchanges, explain }: RowParts) {
  const made = new WeakMap<RequestEntry, Promise<PageRow>>();
  // An emulator that is started again on the same port is another one.
  const self = randomUUID();
  // The same refusal comes again and again.
  const known = new Map<string, Promise<readonly Said[]>>();

  function say(refused: RefusedRequest): Promise<readonly Said[]> {
    const key = JSON.stringify(refused);
    const before = known.get(key);
    if (before !== undefined) return before;
    const said = explain?.(refused).catch(() => []) ?? Promise.resolve([]);
    known.set(key, said);
    const [oldest] = known.size > mostKnown ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    return said;
  }

  function toRow(entry: RequestEntry, id: number): Promise<PageRow> {
    const row = made.get(entry) ?? makeRow(entry, id);
    made.set(entry, row);
    return row;
  }

  async function makeRow(entry: RequestEntry, id: number): Promise<PageRow> {
    const exchange = exchanges.of(entry);
    const { family, status, auth, grantType, form, query } = entry;
    const body = (await exchange?.response?.readBody()) ?? '';
    const isRefused = status >= 400;
    const diagnosis = isRefused
      ? await say({ family, status, auth, grantType, form, query, body })
      : [];
    return renderRow({ id, entry: maskEntry(entry), exchange, body, diagnosis });
  }

  /** The rows from an ID on, as a feed asks for them. */
  return async (run: string | undefined, from: number) => {
    const now = `${self} ${log.run}`;
    const next = log.count();
    const fresh = log.list(undefined, now === run ? from : 0).slice(-mostRows);
    const first = next - fresh.length;
    const rows = await Promise.all(fresh.map((entry, at) => toRow(entry, first + at)));
    return { run: now, next, rows };
  };
}

interface Known {
  id: number;
  entry: RequestEntry;
  exchange: Exchange | undefined;
  body: string;
  diagnosis: readonly Said[];
}

function renderRow({ id, entry, exchange, body, diagnosis }: Known): PageRow {
  const { path, status, grantType, user, form, query, at } = entry;
  const host = exchange && isForGoogle(exchange) ? exchange.url.host : null;
  const search = pairs(query, '&');
  return {
    id,
    at: Number.isNaN(new Date(at).getTime()) ? null : new Date(at).toISOString(),
    method: entry.method,
    host,
    path,
    status: status === 0 ? null : status,
    duration_ms: Math.round(entry.milliseconds * 10) / 10,
    about: [grantType ?? '', user ?? ''].filter((word) => word !== ''),
    error: status >= 400 ? describeError(body) : '',
    request: {
      url: `${host === null ? '' : `https://${host}`}${path}${search === '' ? '' : `?${search}`}`,
      headers: [...(exchange?.requestHeaders ?? [])].map(maskHeader),
      body:
        Object.keys(form).length > 0 ? pairs(form, '\n') : maskText(exchange?.requestBody ?? ''),
    },
    response: exchange?.response
      ? { headers: [...exchange.response.headers].map(maskHeader), body: maskText(body) }
      : null,
    failure: status === 0 ? 'The emulator cut the connection, as a fault told it to.' : '',
    seen: [],
    diagnosis: diagnosis.map((one) => ({ ...one, evidence: one.evidence.map(maskText) })),
  };
}

const secretHeaders = /^(authorization|proxy-authorization|cookie|set-cookie|x-goog-api-key)$/i;

function maskHeader([name, value]: readonly [string, string]): [string, string] {
  if (!secretHeaders.test(name)) return [name, maskText(value)];
  const [, scheme = ''] = /^(\w+) /.exec(value) ?? [];
  const words = scheme === '' ? '' : `${scheme} `;
  return [name, `${words}…(${value.length - words.length})`];
}

function pairs(fields: Readonly<Record<string, string>>, between: string): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(between)
    .slice(0, 16_384);
}

/** The error of a refusal and its description, in the form of OAuth or of the APIs. */
function describeError(body: string): string {
  const fields = parseJsonObject(Buffer.from(body));
  const { error, error_description: words } = fields ?? {};
  const whole =
    typeof error === 'object' && error !== null
      ? ['status' in error ? error.status : '', 'message' in error ? error.message : '']
      : [error, words];
  const said = whole.filter((word) => typeof word === 'string' && word !== '').join(': ');
  return maskText(said).slice(0, 300);
}
