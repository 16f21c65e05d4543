import type { Endpoints } from './endpoints.js';
import type { DriveFile } from './ports.js';

/** Bytes that are sent somewhere, taken as they are wanted. */
export interface ByteSource {
  /** How many there are in all; undefined where nobody knows yet. */
  readonly size: number | undefined;
  /**
   * Fills `into` from the current place as far as there are bytes. `last` is true where nothing
   * follows them.
   */
  read(into: Uint8Array): Promise<{ length: number; last: boolean }>;
  /** Begins at the first byte again; absent where the bytes come only once. */
  readonly restart?: () => void;
  close(): Promise<void>;
}

/** Where received bytes go. */
export interface ByteTarget {
  /** Takes the bytes; they may be overwritten once it resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written the result, in one step. @throws {GsacError} */
  commit(): Promise<void>;
  /** Leaves nothing of it behind. Does nothing after a commit. */
  discard(): Promise<void>;
}

/** Where a download is to go. */
export interface TargetWish {
  /** `-o`: a file, a folder, or `-` for standard output; undefined for the current folder. */
  path: string | undefined;
  /** What the file is called, already safe as a file's name. */
  name: string;
  /** Whether an existing file gives way. */
  force: boolean;
}

/** The files of the person's own that are sent and received. */
export interface LocalFiles {
  /** Opens a file, or standard input for `-`. @throws {GsacError} `usage` where it cannot be read. */
  openSource(path: string): Promise<ByteSource>;
  /**
   * Makes ready to receive; the file itself appears with `commit`.
   *
   * @returns the path that it will have; `-` for standard output.
   * @throws {GsacError} `file_exists`, `output_failed`, or `usage` for a path at which no file can be.
   */
  openTarget(wish: TargetWish): Promise<{ path: string; target: ByteTarget }>;
}

/** An account's access token for as long as a transfer takes. */
export interface AccessTokens {
  current(): string;
  /** Has a new one made where Google refuses this one. @throws {GsacError} what the refresh says. */
  renew(refused: string): Promise<string>;
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
   * @throws {GsacError} `checksum_mismatch` where Drive has other bytes than were sent.
   */
  upload(upload: Upload): Promise<DriveFile>;
  /**
   * Fetches a file's bytes, taking up where a connection broke.
   *
   * @throws {GsacError} `checksum_mismatch` where they are not the file's.
   */
  download(download: Download): Promise<number>;
}

/** Opens the transfers of an account. */
export type OpenTransfers = (tokens: AccessTokens, endpoints: Endpoints) => Transfers;

/** A bar that shows how far a transfer has come, or nothing where nobody looks. */
export interface TransferBar {
  update(bytes: number): void;
  /** Takes it off the screen. */
  stop(): void;
}
