import type { Call } from './call.js';
import type { Family } from './paths.js';

const REMEMBERED = 5_000;
// A form may have a megabyte.
const MOST_CHARACTERS = 16 * 1_048_576;
// Paths with ids in them never end.
const MOST_PATHS = 10_000;

/** One request as the log keeps it. `form` and `query` hold what was sent, secrets included. */
export interface RequestEntry {
  readonly method: string;
  readonly path: string;
  readonly family: Family;
  /** The emulator's time, epoch milliseconds. */
  readonly at: number;
  /** 0 where the connection was cut before an answer. */
  readonly status: number;
  /** How long the answer took, in milliseconds of real time. */
  readonly milliseconds: number;
  readonly form: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly auth: 'none' | 'basic' | 'bearer';
  readonly grantType?: string;
  readonly clientId?: string;
  /** Email of whoever the code or token belonged to. */
  readonly user?: string;
}

/** What was asked of the emulator. Its own pages under `/_emulator` are not in it. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  #characters = 0;
  #counts = new Map<string, number>();
  #total = 0;
  #run = 0;

  /**
   * Counts the requests of a path, of all of them without one; never forgets any, unless there are
   * more than 10,000 different paths: then those that were new first.
   */
  count(path?: string): number {
    return path === undefined ? this.#total : (this.#counts.get(path) ?? 0);
  }

  /**
   * Returns the requests, oldest first: the last 5,000, fewer where they sent more than 16 million
   * characters, or those of one path among them. Leaves out the first `after` that there ever were.
   */
  list(path?: string, after = 0): readonly RequestEntry[] {
    const fresh = Math.min(REMEMBERED, Math.max(0, this.#total - after));
    const recent = fresh === 0 ? [] : this.#entries.slice(-fresh);
    return path === undefined ? recent : recent.filter((entry) => entry.path === path);
  }

  /** How often everything was forgotten. */
  get run(): number {
    return this.#run;
  }

  /** Forgets everything. */
  clear(): void {
    this.#run += 1;
    this.#entries = [];
    this.#characters = 0;
    this.#counts.clear();
    this.#total = 0;
  }

  /** Adds a request. */
  add(entry: RequestEntry): void {
    this.#total += 1;
    this.#counts.set(entry.path, (this.#counts.get(entry.path) ?? 0) + 1);
    if (this.#counts.size > MOST_PATHS) {
      const [first = ''] = this.#counts.keys();
      this.#counts.delete(first);
    }
    this.#entries.push(entry);
    this.#characters += sizeOf(entry);
    // Cutting to half the size keeps adding cheap.
    if (this.#entries.length >= 2 * REMEMBERED || this.#characters > MOST_CHARACTERS) this.#cut();
  }

  /** Keeps the newest, the last one however large it is. */
  #cut(): void {
    const recent = this.#entries.slice(-REMEMBERED).reverse();
    this.#characters = 0;
    const end = recent.findIndex((entry) => {
      this.#characters += sizeOf(entry);
      return this.#characters > MOST_CHARACTERS / 2;
    });
    this.#entries = recent.slice(0, end < 0 ? recent.length : Math.max(1, end)).reverse();
  }
}

/** What an entry holds, in characters; what a field costs besides is one of a hundred. */
function sizeOf({ path, form, query }: RequestEntry): number {
  let size = path.length;
  for (const fields of [form, query]) {
    for (const name in fields) size += 100 + name.length + (fields[name]?.length ?? 0);
  }
  return size;
}

/** Makes the entry of an answered request; `response` is undefined where none was given. */
export function toRequestEntry(
  call: Call,
  response: Response | undefined,
  milliseconds: number,
): RequestEntry {
  const { grantType, clientId, user } = call;
  return {
    method: call.method,
    path: call.path,
    family: call.family,
    at: call.now,
    status: response?.status ?? 0,
    milliseconds,
    form: Object.fromEntries(call.form),
    query: Object.fromEntries(call.query),
    auth: call.basic ? 'basic' : call.bearer === undefined ? 'none' : 'bearer',
    ...(grantType === undefined ? {} : { grantType }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(user === undefined ? {} : { user }),
  };
}

/** Writes a request as one line without secrets: `POST /token 200 authorization_code 4 ms`. */
export function renderRequest(entry: RequestEntry): string {
  const { method, path, status, grantType, milliseconds } = entry;
  const words = [
    method,
    printable(maskShapes(path)),
    status === 0 ? 'cut' : String(status),
    grantType === undefined ? '' : printable(maskShapes(grantType)),
    `${Math.round(milliseconds)} ms`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

const SECRETS = new Set([
  'access_token',
  'assertion',
  'authcode',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'id_token',
  'id_token_hint',
  'password',
  'refresh_token',
  'subject_token',
  'token',
  'upload_id',
]);

/**
 * Copies an entry with each secret replaced by its length, for readers in other processes: the fields
 * that hold one, and what looks like one anywhere else, such as a token in a path or in a search.
 */
export function maskEntry(entry: RequestEntry): RequestEntry {
  const { path, form, query, grantType, clientId } = entry;
  return {
    ...entry,
    path: maskShapes(path),
    form: maskFields(form),
    query: maskFields(query),
    ...(grantType === undefined ? {} : { grantType: maskShapes(grantType) }),
    ...(clientId === undefined ? {} : { clientId: maskShapes(clientId) }),
  };
}

function maskFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      maskShapes(name),
      SECRETS.has(name.toLowerCase()) && value !== '' ? `…(${value.length})` : maskShapes(value),
    ]),
  );
}

// Access, refresh and ID tokens, codes and client secrets, also percent-encoded. The length keeps
// numbers in paths apart from codes.
const SHAPES =
  /ya29\.[\w.~+/%-]+|GOCSPX-[\w-]+|eyJ[\w-]{8}[\w.-]*|1(?:\/|%(?:25)*2F){2}0[\w-]{8}[\w%-]*|4(?:\/|%(?:25)*2F)0A[\w-]{20}[\w%-]*/gi;

const NAMED = /"(\w{1,40})"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g;

/** Masks the secrets in a text: the values of JSON's fields that hold one, and what looks like one. */
export function maskText(text: string): string {
  const named = text.replace(NAMED, (whole, name: string, between: string, value: string) =>
    SECRETS.has(name.toLowerCase()) && value !== ''
      ? `"${name}"${between}"…(${value.length})"`
      : whole,
  );
  return maskShapes(named);
}

function maskShapes(text: string): string {
  return text.replace(SHAPES, (secret) => `…(${secret.length})`);
}

// What a stranger put into a path or a grant type must not steer a terminal, nor fill it.
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 120);
}
