import { OAuth2Client } from 'google-auth-library/build/src/auth/oauth2client.js';
import { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { Endpoints } from '../core/endpoints.js';
import type { AppFolder, DriveFile, ListOptions, OpenAppFolder } from '../core/ports.js';
import { toDriveError } from './drive-error.js';
import type { Http, HttpAnswer } from './http.js';
import type { Retry } from './retry.js';
import { parseObject, toUnusableAnswer } from './translate-error.js';

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
const fileFields =
  'id,name,mimeType,size,createdTime,modifiedTime,md5Checksum,version,parents,spaces,appProperties';

/**
 * Opens a person's application data folder through Google's own Drive client, over our transport:
 * one attempt a request, bounded, traced, and repeated by our own rules.
 *
 * @see https://developers.google.com/workspace/drive/api/guides/appdata
 */
export function createOpenAppFolder({ http, retry, now }: AppFolderOptions): OpenAppFolder {
  return (accessToken, endpoints) => {
    // What is left of the retries' budget reaches the transport beside Google's client.
    let left: number | undefined;
    const bounded: Http = (request) =>
      http(left === undefined ? request : { ...request, leftMs: left });
    const drive = createDrive(bounded, accessToken, endpoints);
    const call = (request: () => Promise<{ data: unknown }>) =>
      callDrive(
        (leftMs) => {
          left = leftMs;
          return request();
        },
        retry,
        now,
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
    } satisfies AppFolder;
  };
}

type Call = (request: () => Promise<{ data: unknown }>) => Promise<Record<string, unknown>>;

function createDrive(http: Http, accessToken: string, endpoints: Endpoints): drive_v3.Drive {
  const auth = new OAuth2Client({
    // Its interceptors would print requests, tokens and all, under GOOGLE_SDK_NODE_LOGGING.
    useAuthRequestParameters: false,
    transporterOptions: {
      retry: false,
      // A refusal is read by us, whole: the library would keep it in an error of its own together
      // with the request's headers.
      validateStatus: () => true,
      adapter: async (config) => {
        const headers = Object.fromEntries(config.headers);
        const url = config.url.href;
        const request = { method: 'GET', url, headers, maxBytes: maxPageBytes } as const;
        // A failure goes along as data: thrown in here, the library would wrap it in its own.
        const data = await http(request).catch((thrown: unknown) => ({ thrown }));
        return Object.assign(new Response(null), { config, data: data as never });
      },
    },
  });
  auth.setCredentials({ access_token: accessToken });
  return new drive_v3.Drive({
    auth,
    rootUrl: endpoints.driveRoot,
    retry: false,
    // An environment variable must not send the access token to another domain.
    universeDomain: 'googleapis.com',
  });
}

async function callDrive(
  request: (leftMs: number) => Promise<{ data: unknown }>,
  retry: Retry,
  now: () => number,
): Promise<Record<string, unknown>> {
  return retry(async (leftMs) => {
    const answer = (await request(leftMs)).data as HttpAnswer | { thrown: unknown };
    if ('thrown' in answer) throw answer.thrown;
    if (answer.status === 200) {
      const unusable = toUnusableAnswer(answer, now());
      const body = parseObject(answer.text);
      if (unusable === undefined && body !== undefined) return body;
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
    const page = await call(() =>
      drive.files.list({
        spaces: 'appDataFolder',
        fields: `nextPageToken,incompleteSearch,files(${fileFields})`,
        pageSize: Math.min(pageSize, left),
        ...(query === undefined ? {} : { q: query }),
        ...(orderBy === undefined ? {} : { orderBy }),
        ...(pageToken === undefined ? {} : { pageToken }),
      }),
    );
    const files = (Array.isArray(page['files']) ? (page['files'] as DriveFile[]) : []).slice(
      0,
      left,
    );
    left -= files.length;
    if (files.length > 0) yield files;
    const next = page['nextPageToken'];
    if (typeof next !== 'string' || next === '' || next === pageToken) return;
    pageToken = next;
  }
}
