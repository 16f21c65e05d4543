import type { Endpoints } from '../core/endpoints.js';
import type { Download } from './download.js';
import { createDownload } from './download.js';
import { type AccessTokens, createOpenAppFolder, type DriveFile, sendAuthorized } from './drive.js';
import type { StreamHttp, StreamRequest } from './http.js';
import type { Requests } from './retry.js';
import type { Upload } from './upload.js';
import { createUpload } from './upload.js';

/** Moves whole files between this machine and the application data folder. */
export interface Transfers {
  /**
   * Sends a file and returns its resource as Drive has it. A connection that breaks is taken up
   * where it broke, and no file is ever made twice.
   *
   * @throws {GsacError} `checksum_mismatch` if Drive has other bytes than were sent.
   */
  upload(upload: Upload): Promise<DriveFile>;
  /**
   * Fetches a file's bytes, taking up where a connection broke.
   *
   * @throws {GsacError} `checksum_mismatch` if they are not the file's.
   */
  download(download: Download): Promise<number>;
}

/** Opens the transfers of an account. */
export type OpenTransfers = (tokens: AccessTokens, endpoints: Endpoints) => Transfers;

/**
 * Builds transfers. They bypass Google's client library: it holds whole bodies, sends them to its own
 * idea of the host, and takes nothing up again.
 */
export function createOpenTransfers(requests: Requests & { stream: StreamHttp }): OpenTransfers {
  const { stream, retry, now } = requests;
  const openFolder = createOpenAppFolder(requests);
  return (tokens, endpoints) => {
    const send = (request: StreamRequest) =>
      sendAuthorized(
        (token) => {
          const headers = { ...request.headers, authorization: `Bearer ${token}` };
          return stream({ ...request, headers });
        },
        tokens,
        (refused) => refused.read(),
      );
    const folder = openFolder(tokens, endpoints);
    const context = { send, retry, now, folder, driveRoot: endpoints.driveRoot };
    return { upload: createUpload(context), download: createDownload(context) };
  };
}
