import type { AppFolder, OpenAppFolder } from '../core/ports.js';
import type { AccessTokens, OpenTransfers } from '../core/transfer.js';
import { createDownload } from './download.js';
import type { Retry } from './retry.js';
import type { StreamAnswer, StreamHttp, StreamRequest } from './stream-http.js';
import { createUpload } from './upload.js';

/** What transfers are made of. */
export interface TransferOptions {
  http: StreamHttp;
  retry: Retry;
  now: () => number;
  openFolder: OpenAppFolder;
}

/** What uploads and downloads share: the requests of one account. */
export interface TransferContext {
  send: (request: StreamRequest) => Promise<StreamAnswer>;
  retry: Retry;
  now: () => number;
  folder: AppFolder;
  /** The root of the Drive API, with a slash at the end. */
  driveRoot: string;
}

/**
 * Opens uploads and downloads of whole files. They bypass Google's client library: it holds whole
 * bodies, sends them to its own idea of the host, and takes nothing up again.
 */
export function createOpenTransfers(options: TransferOptions): OpenTransfers {
  return (tokens, endpoints) => {
    const context: TransferContext = {
      send: authorized(options.http, tokens),
      retry: options.retry,
      now: options.now,
      folder: options.openFolder(tokens, endpoints),
      driveRoot: endpoints.driveRoot,
    };
    return { upload: createUpload(context), download: createDownload(context) };
  };
}

/** Sends with the account's access token; where Drive refuses it, once more with a new one. */
function authorized(http: StreamHttp, tokens: AccessTokens): TransferContext['send'] {
  const send = (request: StreamRequest, token: string) =>
    http({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
  return async (request) => {
    const token = tokens.current();
    const answer = await send(request, token);
    if (answer.status !== 401) return answer;
    await answer.read();
    return send(request, await tokens.renew(token));
  };
}
