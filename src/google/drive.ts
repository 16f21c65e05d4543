import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { once } from '../core/promises.js';
import { toDriveError } from './drive-error.js';
import type { Http, HttpAnswer } from './http.js';
import type { Requests } from './retry.js';

/** The most that Drive gives in one page. */
const pageSize = 1000;
/** The largest answer that is read: a page of 1,000 files takes about half a megabyte. */
const maxPageBytes = 32 * 1_048_576;
/** How many pages without a file may follow one another; Drive gives some, but not for ever. */
const mostEmptyPages = 100;
/** What is asked about a file. */
export const fileFields =
  'id,name,mimeType,size,createdTime,modifiedTime,md5Checksum,version,parents,spaces,appProperties';

/** Google's client takes longer to load than most commands take. */
const loadLibrary = once(async () => {
  const [{ OAuth2Client }, { drive_v3 }] = await Promise.all([
    import('google-auth-library/build/src/auth/oauth2client.js'),
    import('googleapis/build/src/apis/drive/v3.js'),
  ]);
  return { OAuth2Client, Drive: drive_v3.Drive };
});

/** One request of Google's client; what it resolves to is read by us. */
type Request = (drive: drive_v3.Drive) => Promise<{ data: unknown }>;

/**
 * Opens a person's application data folder through Google's own Drive client, over our transport:
 * one attempt a request, bounded, traced, and repeated by our own rules.
 *
 * @see https://developers.google.com/workspace/drive/api/guides/appdata
 */
export function createOpenAppFolder({ http, retry, now }: Requests) {
  return (tokens: AccessTokens, endpoints: Endpoints) => {
    /** Has an answer read by `read`, which says `undefined` to one that is not what was asked for. */
    async function call<T>(
      request: Request,
      read: (answer: HttpAnswer) => T | undefined,
    ): Promise<T> {
      const library = await loadLibrary();
      return retry(async (leftMs) => {
        // One for each attempt: what is left for it reaches the transport beside Google's client.
        const bounded: Http = (sent) => http({ ...sent, leftMs });
        const drive = createDrive(library, bounded, tokens, endpoints);
        const answer = (await request(drive)).data as HttpAnswer | { thrown: unknown };
        if ('thrown' in answer) throw answer.thrown;
        const result = answer.cut === undefined ? read(answer) : undefined;
        if (result === undefined) throw toDriveError(answer, now());
        return result;
      });
    }
    const readPage = (answer: HttpAnswer) => {
      const page = readBody(answer);
      const files = readFiles(page);
      return files && { files, next: page?.['nextPageToken'] };
    };

    /** All files, a page at a time; a page is never empty. */
    async function* list({ query, orderBy, limit = Infinity }: ListOptions) {
      let left = limit;
      let emptyPages = 0;
      for (let pageToken: string | undefined; left > 0; ) {
        const asked = pageToken;
        const { files, next } = await call(
          (drive) =>
            drive.files.list({
              spaces: 'appDataFolder',
              fields: `nextPageToken,incompleteSearch,files(${fileFields})`,
              pageSize: Math.min(pageSize, left),
              ...(query !== undefined && { q: query }),
              ...(orderBy !== undefined && { orderBy }),
              ...(asked !== undefined && { pageToken: asked }),
            }),
          readPage,
        ).catch((thrown: unknown) => {
          // Drive refuses a page token that it has forgotten as it refuses a bad query.
          const isRefused = thrown instanceof GsacError && thrown.code === 'usage';
          throw asked !== undefined && isRefused ? listingBroke() : thrown;
        });
        const page = files.slice(0, left);
        left -= page.length;
        emptyPages = page.length === 0 ? emptyPages + 1 : 0;
        if (page.length > 0) yield page;
        if (next === undefined || next === '') return;
        if (typeof next !== 'string' || next === asked || emptyPages === mostEmptyPages) {
          throw listingBroke();
        }
        pageToken = next;
      }
    }

    return {
      list,
      /** The folder itself. */
      info: () =>
        call(
          (drive) =>
            drive.files.get({
              fileId: 'appDataFolder',
              fields: 'kind,id,name,mimeType,createdTime,modifiedTime',
            }),
          readFile,
        ),
      /** One file by its id; undefined if there is none in this folder. */
      async get(id: string) {
        const file = await call(
          (drive) => drive.files.get({ fileId: id, fields: fileFields }),
          readFile,
        ).catch(ifThereIsNone);
        // With a wider scope an id may lead out of the folder.
        const { spaces } = file ?? {};
        return Array.isArray(spaces) && spaces.includes('appDataFolder') ? file : undefined;
      },
      /** Every file of exactly this name. */
      async named(name: string) {
        const literal = name.replace(/[\\']/g, '\\$&');
        const found: DriveFile[] = [];
        for await (const page of list({ query: `name = '${literal}'` })) found.push(...page);
        // Drive's own comparison is not in every case that of the letters.
        return found.filter((file) => file['name'] === name);
      },
      /** Removes a file for good. */
      async remove(id: string): Promise<void> {
        let attempts = 0;
        await call(
          (drive) => {
            attempts += 1;
            return drive.files.delete({ fileId: id });
          },
          (answer) => (answer.status === 204 ? {} : readBody(answer)),
        ).catch((thrown: unknown) => {
          // An earlier attempt whose answer was lost has done it.
          if (attempts > 1) return ifThereIsNone(thrown);
          throw thrown;
        });
      },
      /** An id that a new file may be given, so that making it can be tried again. */
      newId: () =>
        call(
          (drive) => drive.files.generateIds({ count: 1, space: 'appDataFolder' }),
          (answer) => {
            const ids = readBody(answer)?.['ids'];
            const id: unknown = Array.isArray(ids) ? ids[0] : undefined;
            return typeof id === 'string' ? id : undefined;
          },
        ),
    };
  };
}

/**
 * Looks into an application data folder with one plain request, when one is all that is asked: to
 * load Google's Drive client takes longer than everything else that a flow does.
 *
 * @see https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list
 */
export function createAppFolderProbe({ http, retry, now }: Requests) {
  return {
    /** Lists at most one file and returns how many came. The access token is used as it is. */
    countFirst: (accessToken: string, endpoints: Endpoints) =>
      retry(async (leftMs) => {
        const query = 'spaces=appDataFolder&pageSize=1&fields=files(id)';
        const answer = await http({
          method: 'GET',
          url: `${endpoints.driveRoot}drive/v3/files?${query}`,
          headers: { authorization: `Bearer ${accessToken}` },
          leftMs,
        });
        const files = readFiles(answer.cut === undefined ? readBody(answer) : undefined);
        if (files === undefined) throw toDriveError(answer, now());
        return files.length;
      }),
  };
}

/** The object in an answer that says yes; undefined for anything else, an error inside a 200 too. */
function readBody({ status, text }: HttpAnswer): Record<string, unknown> | undefined {
  const body = status === 200 ? parseJsonObject(text) : undefined;
  return body?.['error'] === undefined ? body : undefined;
}

/** A file's resource from a whole answer; undefined if it is none. */
export function readFile(answer: HttpAnswer): DriveFile | undefined {
  const file = answer.cut === undefined ? readBody(answer) : undefined;
  return isFile(file) ? file : undefined;
}

function readFiles(page: Record<string, unknown> | undefined): DriveFile[] | undefined {
  const files = page?.['files'];
  return Array.isArray(files) && files.every(isFile) ? files : undefined;
}

function isFile(value: unknown): value is DriveFile {
  return (
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
  );
}

function ifThereIsNone(thrown: unknown): undefined {
  if (thrown instanceof GsacError && thrown.code === 'file_not_found') return undefined;
  throw thrown;
}

function createDrive(
  { OAuth2Client, Drive }: Awaited<ReturnType<typeof loadLibrary>>,
  http: Http,
  tokens: AccessTokens,
  endpoints: Endpoints,
): drive_v3.Drive {
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
        const method = config.method === 'DELETE' ? 'DELETE' : 'GET';
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
  return new Drive({
    auth,
    rootUrl: endpoints.driveRoot,
    retry: false,
    // An environment variable must not send the access token to another domain.
    universeDomain: 'googleapis.com',
  });
}

/**
 * Sends with an account's access token; if Drive refuses it, once more with a new one.
 *
 * @param letGo ends an answer that is not looked at.
 */
export async function sendAuthorized<Answer extends { status: number }>(
  send: (token: string) => Promise<Answer>,
  tokens: AccessTokens,
  letGo?: (answer: Answer) => Promise<unknown>,
): Promise<Answer> {
  const token = tokens.current();
  const answer = await send(token);
  if (answer.status !== 401) return answer;
  await letGo?.(answer);
  return send(await tokens.renew(token));
}

function listingBroke(): GsacError {
  return new GsacError('answer_unreadable', 'Drive lost its place in the listing.', {
    hint: 'The list is incomplete. Run the command again; it starts at the first page.',
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

/** What a listing is narrowed to, in Drive's own terms, and to how many files at most. */
export interface ListOptions {
  query?: string | undefined;
  orderBy?: string | undefined;
  limit?: number | undefined;
}

/** Opens the application data folder that an account's access tokens give access to. */
export type OpenAppFolder = ReturnType<typeof createOpenAppFolder>;

/** One person's application data folder. */
export type AppFolder = ReturnType<OpenAppFolder>;

/** One look into a person's application data folder. */
export type AppFolderProbe = ReturnType<typeof createAppFolderProbe>;
