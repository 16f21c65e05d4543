import type { Command as Declared } from 'commander';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openTokens } from '../accounts/folder.js';
import { openAccount } from '../accounts/open.js';
import type { Output, Provided, Runtime } from '../cli/runtime.js';
import { type Endpoints, googleEndpoints } from '../core/endpoints.js';
import { GsacError, withFacts } from '../core/errors.js';
import { type HttpMethod, httpMethods } from '../core/http-record.js';
import { parseJsonObject } from '../core/json.js';
import { maskText } from '../core/secret.js';
import { toVisible } from '../core/visible-text.js';
import type { ApiRequest } from '../google/api.js';
import type { ApiMethod } from '../google/discovery.js';
import type { StreamAnswer } from '../google/http.js';
import { clean } from '../terminal/clean.js';

/** The flags of `gsac api`. */
export interface ApiOptions {
  target: string;
  method: HttpMethod | undefined;
  headers: readonly string[];
  /** `key=value`. */
  fields: readonly string[];
  /** A file, or `-`. */
  input: string | undefined;
  paginate: boolean;
  include: boolean;
}

/** The largest body that is sent, and the largest page that is read for its next one. */
const maxBytes = 64 * 1_048_576;

/** Declares `gsac api`. */
export function apiCommand(runtime: Runtime, run = runApi): Command {
  const several = (value: string, before: readonly string[] = []) => [...before, value];
  return new Command('api')
    .summary('send an authorized request to one of Google’s APIs')
    .description(
      'Send a request with the account’s access token, and print the response. It goes to Google’s ' +
        'hosts, or to the emulator that the account belongs to, and nowhere else.',
    )
    .argument('<url|path|method>', 'an address, a path of www.googleapis.com, or a method’s name')
    .addOption(
      new Option('-X, --method <method>', 'the method (default: GET, or what discovery says)')
        .choices(httpMethods)
        .argParser(readMethod),
    )
    .option('-H, --header <name: value>', 'a header; may be repeated', several)
    .option(
      '-f, --field <key=value>',
      'a parameter: in the query of GET, HEAD and DELETE, else in a JSON body; may be repeated',
      several,
    )
    .option('--input <file>', 'the body, a file or - for stdin; makes the method POST')
    .option('--paginate', 'follow nextPageToken; each page is printed as it comes')
    .option('-i, --include', 'print the status and the headers, too')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac api drive/v3/about -f fields=user\n  $ gsac api drive.files.list -f spaces=appDataFolder --paginate',
    )
    .action((target: string, flags: Record<string, unknown>, inner: Declared) =>
      runtime.stream(inner, (provided, output) => {
        const list = (name: string) => {
          const value = flags[name];
          return Array.isArray(value) ? value.map(String) : [];
        };
        return run(
          {
            target,
            method: flags['method'] as HttpMethod | undefined,
            headers: list('header'),
            fields: list('field'),
            input: typeof flags['input'] === 'string' ? flags['input'] : undefined,
            paginate: flags['paginate'] === true,
            include: flags['include'] === true,
          },
          provided,
          output,
        );
      }),
    );
}

function readMethod(given: string): HttpMethod {
  const method = httpMethods.find((one) => one === given.toUpperCase());
  if (method !== undefined) return method;
  throw new InvalidArgumentError(`Allowed choices are ${httpMethods.join(', ')}.`);
}

/**
 * Sends the request and writes the response as it comes; with `--paginate` a page after the other.
 *
 * @throws {GsacError} exits 2 to 5; the response of a refusal is written to stderr.
 */
export async function runApi(options: ApiOptions, work: Provided, output: Output): Promise<0> {
  if (options.paginate && output.globals.json && options.include) {
    throw misused('--include and --json exclude each other.', 'Give one of them.');
  }
  const opened = await openAccount(work);
  // Before anything is sent: opening the tokens of the environment may refresh.
  const request = await toRequest(options, opened.endpoints, work);
  const { tokens, facts } = await openTokens(work, opened);
  const send = (await work.google.api())(tokens);
  const attempt = async (asked: ApiRequest) =>
    send(asked).catch((thrown: unknown) => {
      throw showResponse(thrown, work, output.globals.json);
    });
  await withFacts(facts, async () => {
    if (options.paginate) await writePages(request, attempt, options, work, output.globals.json);
    else await writeAnswer(await attempt(request), options, work);
  });
  return 0;
}

/** Writes the response of a refusal; with `--json` it is in the error's document. */
function showResponse(thrown: unknown, { system }: Provided, json: boolean): unknown {
  if (!(thrown instanceof GsacError) || json) return thrown;
  const { response, ...details } = thrown.details;
  if (typeof response === 'string' && response.trim() !== '') {
    const lines = maskText(response.trim()).split('\n').map(clean);
    system.io.writeStderr(`${lines.join('\n')}\n`);
  }
  const { code, message, hint } = thrown;
  return new GsacError(code, message, { hint, details });
}

async function writeAnswer(
  answer: StreamAnswer,
  { include }: ApiOptions,
  { system }: Provided,
): Promise<void> {
  const { writeStdout } = system.io;
  if (include) await writeStdout(headText(answer));
  let last = 0x0a;
  const decoder = new TextDecoder();
  for await (const bytes of answer.bytes()) {
    // What a file holds must not move a terminal's cursor; where it is kept, it stays as it is.
    const text = system.io.stdoutIsTty ? toVisible(decoder.decode(bytes, { stream: true })) : bytes;
    await writeStdout(text);
    last = bytes.at(-1) ?? last;
  }
  // The next prompt belongs on a line of its own.
  if (system.io.stdoutIsTty && last !== 0x0a) await writeStdout('\n');
}

async function writePages(
  first: ApiRequest,
  send: (request: ApiRequest) => Promise<StreamAnswer>,
  { include }: ApiOptions,
  { context, system }: Provided,
  json: boolean,
): Promise<void> {
  const { writeStdout } = system.io;
  if (first.method !== 'GET') {
    throw misused('--paginate is for GET only.', 'Only what is read has pages.');
  }
  let url = first.url;
  for (let pages = 0; ; pages += 1) {
    const answer = await send({ ...first, url });
    const whole = await readWhole(answer);
    const text = system.io.stdoutIsTty ? toVisible(whole) : whole;
    if (include) await writeStdout(headText(answer));
    const begin = pages === 0 ? '[\n' : ',\n';
    await writeStdout(json ? `${begin}${text.trimEnd()}` : `${text.trimEnd()}\n`);
    const token = parseJsonObject(text)?.['nextPageToken'];
    if (typeof token !== 'string' || token === '') break;
    const next = new URL(url);
    if (next.searchParams.get('pageToken') === token) {
      throw new GsacError('answer_unreadable', 'Google names the same page as the next one.', {
        hint: 'The output is incomplete. Run the command again.',
      });
    }
    next.searchParams.set('pageToken', token);
    url = next.href;
    context.notices.progress(`${pages + 1} pages so far`);
  }
  context.notices.progress('');
  if (json) await writeStdout('\n]\n');
}

async function readWhole(answer: StreamAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.bytes()) {
    size += piece.length;
    if (size > maxBytes) {
      throw new GsacError('answer_unreadable', `A page is longer than ${maxBytes} bytes.`, {
        hint: 'Ask for less with -f pageSize=… or -f fields=….',
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function headText({ status, headers }: StreamAnswer): string {
  const lines = [...headers].map(([name, value]) => clean(`${name}: ${value}`));
  return `HTTP/1.1 ${status}\n${lines.join('\n')}\n\n`;
}

/** The request that the arguments mean. @throws {GsacError} `usage`. */
async function toRequest(
  options: ApiOptions,
  endpoints: Endpoints,
  work: Provided,
): Promise<ApiRequest> {
  const fields = options.fields.map(readField);
  const headers = Object.fromEntries(options.headers.map(readHeader));
  const isName =
    options.target.length < 200 &&
    /^(?!https?:)[a-z]\w*(:[\w-]+(\.\d+)?)?(\.[a-z]\w*)+$/i.test(options.target);
  const declared = isName
    ? await (await work.google.discovery())(options.target, endpoints.driveRoot)
    : undefined;
  const method =
    options.method ?? declared?.method ?? (options.input === undefined ? 'GET' : 'POST');
  const url = declared === undefined ? toUrl(options.target, endpoints) : fill(declared, fields);
  refuseStrangers(url, endpoints);
  const body = emptyFields();
  const hasBody = !['GET', 'HEAD', 'DELETE'].includes(method) && options.input === undefined;
  for (const [key, value] of fields) {
    const [name = key, ...within] = toKeys(key);
    const place = declared?.parameters.get(name) ?? (hasBody ? 'body' : 'query');
    if (place === 'query' || (place === 'body' && !hasBody)) url.searchParams.append(name, value);
    else if (place === 'body') putField(body, [name, ...within], value);
  }
  const written = Object.keys(body).length > 0 ? Buffer.from(JSON.stringify(body)) : undefined;
  const bytes = options.input === undefined ? written : await readInput(options.input, work);
  return {
    method,
    url: url.href,
    headers: {
      accept: 'application/json',
      ...(bytes && { 'content-type': 'application/json', 'content-length': `${bytes.length}` }),
      ...headers,
    },
    body: bytes,
  };
}

function toUrl(target: string, { driveRoot }: Endpoints): URL {
  if (URL.canParse(target)) return new URL(target);
  const path = target.replace(/^\/+/, '');
  if (path === '' || /\s/.test(path) || !URL.canParse(path, driveRoot)) {
    throw misused(
      `${JSON.stringify(target)} is no address, no path and no method.`,
      'Give a path such as drive/v3/about, or a method such as drive.files.list.',
    );
  }
  return new URL(path, driveRoot);
}

/** The access token goes to Google, or to the emulator that gave it, and nowhere else. */
function refuseStrangers(url: URL, { origin }: Endpoints): void {
  const isGoogle =
    url.protocol === 'https:' &&
    url.port === '' &&
    /^([a-z0-9-]+\.)*(googleapis|google)\.com$/.test(url.hostname);
  if (url.username === '' && (origin === null ? isGoogle : url.origin === origin)) return;
  throw new GsacError(
    'usage',
    `The account’s access token is not sent to ${url.protocol}//${url.host}.`,
    {
      hint:
        origin === null
          ? `It goes to Google’s hosts by https only. A path without a host is one of ${googleEndpoints.driveRoot}.`
          : `The account belongs to the emulator at ${origin}: give a path without a host.`,
    },
  );
}

/** The address of a method, with its path parameters filled in. @throws {GsacError} `usage`. */
function fill({ template }: ApiMethod, fields: readonly (readonly [string, string])[]): URL {
  const values = new Map(fields);
  const path = template.replace(/\{(\+?)(\w+)\}/g, (_braces, plus: string, name: string) => {
    const value = values.get(name);
    if (value === undefined) {
      throw misused(`The method needs ${name}.`, `Add -f ${name}=<value>.`);
    }
    // A reserved expansion keeps its slashes: the value is a path itself.
    const parts = plus === '' ? [value] : value.split('/');
    return parts.map(encodeURIComponent).join('/');
  });
  return new URL(path);
}

function readField(given: string): readonly [string, string] {
  const at = given.indexOf('=');
  if (at > 0) return [given.slice(0, at), given.slice(at + 1)];
  throw misused(`-f ${JSON.stringify(given)} is not key=value.`, 'As in -f fields=user.');
}

/** An object whose keys are the person's, `__proto__` among them. */
const emptyFields = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** The keys of `name`, `name[]` and `name[key]`; an empty one stands for the next element of a list. */
function toKeys(field: string): string[] {
  const [, name, within = ''] = /^([^[\]]+)((?:\[[^[\]]*\]){0,8})$/.exec(field) ?? [];
  if (name !== undefined)
    return within === '' ? [name] : [name, ...within.slice(1, -1).split('][')];
  throw misused(
    `-f ${JSON.stringify(field)} is not the name of a parameter.`,
    'As in -f name=x, -f "parents[]=x" and -f "properties[key]=x".',
  );
}

/** Puts a value into a body, under a name, into a list or into an object. @throws {GsacError} `usage`. */
function putField(into: Record<string, unknown>, keys: readonly string[], value: string): void {
  const [key = '', next, ...rest] = keys;
  if (next === undefined) {
    into[key] = value;
    return;
  }
  const isList = next === '' && rest.length === 0;
  into[key] ??= isList ? [] : emptyFields();
  const held = into[key];
  if (isList && Array.isArray(held)) held.push(value);
  else if (!isList && next !== '' && typeof held === 'object' && !Array.isArray(held)) {
    putField(held as Record<string, unknown>, [next, ...rest], value);
  } else {
    throw misused(
      `-f gives ${key} as two kinds of value.`,
      'A parameter is a text, a list (name[]) or an object (name[key]). For more, use --input.',
    );
  }
}

function readHeader(given: string): readonly [string, string] {
  const [, name = '', value = ''] =
    /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\x20-\x7e]*)$/.exec(given) ?? [];
  if (name === '') {
    throw misused(
      `-H ${JSON.stringify(given)} is no header.`,
      'As in -H "X-Goog-User-Project: x".',
    );
  }
  if (/^(authorization|host|content-length|transfer-encoding)$/i.test(name)) {
    throw misused(`gsac sets the header ${name} itself.`, 'Leave it out.');
  }
  return [name.toLowerCase(), value];
}

async function readInput(path: string, { system }: Provided): Promise<Buffer> {
  const { createLocalFiles } = await import('../files/local-files.js');
  const source = await createLocalFiles(system).openSource(path);
  try {
    const pieces: Buffer[] = [];
    for (let size = 0; ; ) {
      const piece = Buffer.alloc(65_536);
      const { length, last } = await source.read(piece);
      size += length;
      if (size > maxBytes) {
        throw misused(
          `The body is longer than ${maxBytes} bytes.`,
          'Send files with `gsac files put`.',
        );
      }
      pieces.push(piece.subarray(0, length));
      if (last) return Buffer.concat(pieces);
    }
  } finally {
    await source.close();
  }
}

function misused(message: string, hint: string): GsacError {
  return new GsacError('usage', message, { hint });
}
