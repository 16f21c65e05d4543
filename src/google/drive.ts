import { OAuth2Client } from 'google-auth-library/build/src/auth/oauth2client.js';
import { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json-object.js';
import { toDriveError } from './drive-error.js';
import type { Http, HttpAnswer, HttpMethod } from './http.js';
import type { Retry } from './retry.js';

/** What the application data folder's adapter is made of. */
export interface AppFolderOptions {
  http: Http;
  retry: Retry;
  now: () => number;
}

/** The most that Drive gives in one page. */
const pageSize = 1000;
/** The largest answer that is read: a page of 1,000 files takes about half a megabyte. */
const maxPageBytes = 32 * 1_048_576;
/** What is asked about a file. */
export const fileFields =
  'id,name,mimeType,size,createdTime,modifiedTime,md5Checksum,version,parents,spaces,appProperties';

/**
 * Opens a person's application data folder through Google's own Drive client, over our transport:
 * one attempt a request, bounded, traced, and repeated by our own rules.
 *
 * @see https://developers.google.com/workspace/drive/api/guides/appdata
 */
export function createOpenAppFolder({ http, retry, now }: AppFolderOptions): OpenAppFolder {
  return (tokens, endpoints) => {
    // What is left of the retries' budget reaches the transport beside Google's client.
    let left: number | undefined;
    const bounded: Http = (request) =>
      http(left === undefined ? request : { ...request, leftMs: left });
    const drive = createDrive(bounded, tokens, endpoints);
    const call = (request: () => Promise<{ data: unknown }>) =>
      callDrive(
        (leftMs) => {
          left = leftMs;
          return request();
        },
        { retry, now },
      );
    return {
      list: (options) => listPages(drive, call, options),
      info: () =>
        call(() =>
          drive.files.get({
            fileId: 'appDataFolder',
            fields: 'kind,id,name,mimeType,createdTime,modifiedTime',
          }),
        ),
      async get(id) {
        const file = await call(() => drive.files.get({ fileId: id, fields: fileFields })).catch(
          ifThereIsNone,
        );
        // With a wider scope an id may lead out of the folder.
        const { spaces } = file ?? {};
        return Array.isArray(spaces) && spaces.includes('appDataFolder') ? file : undefined;
      },
      async named(name) {
        const literal = name.replace(/[\\']/g, '\\$&');
        const found: DriveFile[] = [];
        for await (const page of listPages(drive, call, { query: `name = '${literal}'` })) {
          found.push(...page);
        }
        // Drive's own comparison is not in every case that of the letters.
        return found.filter((file) => file['name'] === name);
      },
      async remove(id) {
        let attempts = 0;
        await call(() => {
          attempts += 1;
          return drive.files.delete({ fileId: id });
        }).catch((thrown: unknown) => {
          // An earlier attempt whose answer was lost has done it.
          if (attempts > 1) return ifThereIsNone(thrown);
          throw thrown;
        });
      },
      async newId() {
        const { ids } = await call(() =>
          drive.files.generateIds({ count: 1, space: 'appDataFolder' }),
        );
        const [id] = Array.isArray(ids) ? ids : [];
        if (typeof id === 'string') return id;
        throw new GsacError('answer_unreadable', 'Drive gave no id for a new file.', {
          hint: 'Try again; --trace shows the answer.',
        });
      },
    } satisfies AppFolder;
  };
}

type Call = (request: () => Promise<{ data: unknown }>) => Promise<Record<string, unknown>>;

function ifThereIsNone(thrown: unknown): undefined {
  if (thrown instanceof GsacError && thrown.code === 'file_not_found') return undefined;
  throw thrown;
}

function createDrive(http: Http, tokens: AccessTokens, endpoints: Endpoints): drive_v3.Drive {
  const auth = new OAuth2Client({
    // Its interceptors would print requests, tokens and all, under GOOGLE_SDK_NODE_LOGGING.
    useAuthRequestParameters: false,
    transporterOptions: {
      retry: false,
      // A refusal is read by us, whole: the library would keep it in an error of its own together
      // with the request's headers.
      validateStatus: () => true,
      adapter: async (config) => {
        const url = config.url.href;
        const method: HttpMethod = config.method === 'DELETE' ? 'DELETE' : 'GET';
        const send = (token: string) => {
          const headers = {
            ...Object.fromEntries(config.headers),
            authorization: `Bearer ${token}`,
          };
          return http({ method, url, headers, maxBytes: maxPageBytes });
        };
        // A failure goes along as data: thrown in here, the library would wrap it in its own.
        const data = await sendAuthorized(send, tokens).catch((thrown: unknown) => ({ thrown }));
        return Object.assign(new Response(null), { config, data: data as never });
      },
    },
  });
  // A token of some kind it must have; the one that counts is set with each request.
  auth.setCredentials({ access_token: tokens.current() });
  return new drive_v3.Drive({
    auth,
    rootUrl: endpoints.driveRoot,
    retry: false,
    // An environment variable must not send the access token to another domain.
    universeDomain: 'googleapis.com',
  });
}

/** Sends; where Drive refuses the access token, once more with a new one. */
async function sendAuthorized(
  send: (token: string) => Promise<HttpAnswer>,
  tokens: AccessTokens,
): Promise<HttpAnswer> {
  const token = tokens.current();
  const answer = await send(token);
  return answer.status === 401 ? send(await tokens.renew(token)) : answer;
}

async function callDrive(
  request: (leftMs: number) => Promise<{ data: unknown }>,
  { retry, now }: Pick<AppFolderOptions, 'retry' | 'now'>,
): Promise<Record<string, unknown>> {
  return retry(async (leftMs) => {
    const answer = (await request(leftMs)).data as HttpAnswer | { thrown: unknown };
    if ('thrown' in answer) throw answer.thrown;
    if (answer.status === 204) return {};
    if (answer.status === 200 && answer.cut === undefined) {
      const body = parseJsonObject(answer.text);
      if (body !== undefined) return body;
    }
    throw toDriveError(answer, now());
  });
}

async function* listPages(
  drive: drive_v3.Drive,
  call: Call,
  { query, orderBy, limit = Number.POSITIVE_INFINITY }: ListOptions,
): AsyncGenerator<DriveFile[]> {
  let pageToken: string | undefined;
  let left = limit;
  while (left > 0) {
    const asked = pageToken;
    const page = await call(() =>
      drive.files.list({
        spaces: 'appDataFolder',
        fields: `nextPageToken,incompleteSearch,files(${fileFields})`,
        pageSize: Math.min(pageSize, left),
        ...(query === undefined ? {} : { q: query }),
        ...(orderBy === undefined ? {} : { orderBy }),
        ...(pageToken === undefined ? {} : { pageToken }),
      }),
    ).catch((thrown) => {
      throw asked === undefined ? thrown : afterFirstPage(thrown);
    });
    const files = (Array.isArray(page['files']) ? (page['files'] as DriveFile[]) : []).slice(
      0,
      left,
    );
    left -= files.length;
    if (files.length > 0) yield files;
    const next = page['nextPageToken'];
    if (typeof next !== 'string' || next === '') return;
    if (next === pageToken) throw listingBroke();
    pageToken = next;
  }
}

/** Drive refuses a page token that it has forgotten as it refuses a bad query; that one was good. */
function afterFirstPage(thrown: unknown): unknown {
  return thrown instanceof GsacError && thrown.code === 'usage' ? listingBroke() : thrown;
}

function listingBroke(): GsacError {
  return new GsacError('answer_unreadable', 'Drive lost its place in the listing.', {
    hint: 'What was printed is not all. Run the command again: it starts at the first page.',
  });
}

/** An account's access token for as long as a transfer takes. */
export interface AccessTokens {
  current(): string;
  /** Has a new one made where Google refuses this one. @throws {GsacError} what the refresh says. */
  renew(refused: string): Promise<string>;
}

/** One of Drive's own file resources, with whatever fields were asked for. */
export type DriveFile = Record<string, unknown>;

/** What a listing is narrowed to. */
export interface ListOptions {
  /** Drive's query language. */
  query?: string | undefined;
  /** Drive's `orderBy`. */
  orderBy?: string | undefined;
  /** At most so many files; undefined for all. */
  limit?: number | undefined;
}

/** One person's application data folder. */
export interface AppFolder {
  /** All files, a page at a time; a page is never empty. */
  list(options: ListOptions): AsyncIterable<DriveFile[]>;
  /** The folder itself. */
  info(): Promise<DriveFile>;
  /** One file by its id; undefined where there is none in this folder. */
  get(id: string): Promise<DriveFile | undefined>;
  /** Every file of exactly this name. */
  named(name: string): Promise<DriveFile[]>;
  /** Removes a file for good; one that is gone already is no failure. */
  remove(id: string): Promise<void>;
  /** An id that a new file may be given, so that making it can be tried again. */
  newId(): Promise<string>;
}

/** Opens the application data folder that an account's access tokens give access to. */
export type OpenAppFolder = (tokens: AccessTokens, endpoints: Endpoints) => AppFolder;

/** One look into a person's application data folder. */
export interface AppFolderProbe {
  /** Lists at most one file and returns how many came. The access token is used as it is. */
  countFirst(accessToken: string, endpoints: Endpoints): Promise<number>;
}
