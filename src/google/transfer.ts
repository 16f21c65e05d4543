import type { Endpoints } from '../core/endpoints.js';
import { createDownload } from './download.js';
import { type AccessTokens, createOpenAppFolder, sendAuthorized } from './drive.js';
import type { StreamHttp, StreamRequest } from './http.js';
import type { Requests } from './retry.js';
import { createUpload } from './upload.js';

/**
 * Builds transfers of whole files between this machine and the application data folder. They bypass Google's client library: it holds whole bodies, sends them to its own
 * idea of the host, and takes nothing up again.
 */
export function createOpenTransfers(requests: Requests & { stream: StreamHttp }) {
  const { stream, retry, now } = requests;
  const openFolder = createOpenAppFolder(requests);
  return (tokens: AccessTokens, endpoints: Endpoints) => {
    const send = createAuthorizedStream(stream, tokens);
    const folder = openFolder(tokens, endpoints);
    const context = { send, retry, now, folder, driveRoot: endpoints.driveRoot };
    return { upload: createUpload(context), download: createDownload(context) };
  };
}

/** Opens the transfers of an account. */
export type OpenTransfers = ReturnType<typeof createOpenTransfers>;

/** Sends with an account's access token; if Google refuses it, once more with a new one. */
export function createAuthorizedStream(stream: StreamHttp, tokens: AccessTokens): StreamHttp {
  return (request: StreamRequest) =>
    sendAuthorized(
      (token) => {
        const headers = { ...request.headers, authorization: `Bearer ${token}` };
        return stream({ ...request, headers });
      },
      tokens,
      (refused) => refused.read(),
    );
}
