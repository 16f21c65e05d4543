import type { ByteSource } from '../core/bytes.js';
import type { Endpoints } from '../core/endpoints.js';
import { createDownload } from './download.js';
import {
  type AccessTokens,
  type AppFolder,
  createOpenAppFolder,
  type DriveFile,
  sendAuthorized,
} from './drive.js';
import type { StreamAnswer, StreamHttp, StreamRequest } from './http.js';
import type { Requests, Retry } from './retry.js';
import { createUpload } from './upload.js';

/** What uploads and downloads share: the requests of one account. */
export interface TransferContext {
  /** Sends with the account's access token; if Drive refuses it, once more with a new one. */
  send: (request: StreamRequest) => Promise<StreamAnswer>;
  retry: Retry;
  now: () => number;
  folder: AppFolder;
  /** The root of the Drive API, with a slash at the end. */
  driveRoot: string;
}

/** What is sent to the folder. */
export interface Upload {
  source: ByteSource;
  name: string;
  mimeType: string;
  /** The file whose content is replaced; undefined for a new file. */
  replace: DriveFile | undefined;
  /** Told how many bytes are under way or taken; may go back. */
  onProgress: (bytes: number) => void;
}

/** What is fetched from the folder. */
export interface Download {
  file: DriveFile;
  /** Takes the bytes in order; they may be overwritten once it resolves. */
  write: (bytes: Uint8Array) => Promise<void>;
  onProgress: (bytes: number) => void;
}

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
