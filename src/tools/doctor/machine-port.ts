/** A file or folder below gsac's own folders. */
export interface OwnFile {
  path: string;
  kind: 'file' | 'folder';
  /** The permission bits, such as 0o600. */
  mode: number;
}

/** A lock as it lies on the disk. Times are epoch milliseconds. */
export interface FoundLock {
  path: string;
  /** When its holder last gave a sign of life. */
  touchedAt: number;
}

/** The folders that gsac keeps its files in. */
export interface OwnFolders {
  data: string;
  cache: string;
}

/**
 * What is read of the machine: by `gsac doctor`, and where a refused refresh looks for a rescue file.
 * Proofs write and remove what they wrote; nothing in here changes anything that lasts.
 */
export interface Machine {
  /** Without the `v`. */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folders: OwnFolders;
  /**
   * Everything below gsac's folders, the folders too, symbolic links left out. At most ten thousand
   * entries. @throws {GsacError} `local_file_broken` for a folder that cannot be listed.
   */
  ownFiles(): OwnFile[];
  /** Paths of rescue files, in gsac's own folder and, where they are the user's, in the temporary one. */
  rescueFiles(): string[];
  /** A rescue file's text. @throws {Error} where it is not the user's alone, or no plain file. */
  readRescueFile(path: string): string;
  locks(): FoundLock[];
  /** Whether there is an encrypted file store. */
  hasVault(): boolean;
  /**
   * Proves that gsac's folders can be written; where one does not exist yet, that it could be made.
   * @throws {GsacError} `local_file_broken`.
   */
  proveWritable(): void;
  /** Bytes that are free where the data folder lies; undefined where the system does not say. */
  freeBytes(): Promise<number | undefined>;
  /** A text file. @throws what Node throws. */
  readText(path: string): string;
  /** Checks the form of `GSAC_FILE_KEY` where there is no store to try it on. @throws {GsacError} */
  checkFileKey(): Promise<void>;
  /** Proves that the keychain takes an entry, within ten seconds. @throws {GsacError} `store_*`. */
  proveKeychain(): Promise<void>;
}

/** What came of a look at an address, without any secret sent. */
export interface ProbeAnswer {
  status: number;
  /** Whether the body is a JSON object. */
  isJson: boolean;
  /** Epoch milliseconds of the answer's `Date`, moved on by its `Age`; undefined where it has none. */
  serverTime: number | undefined;
  /** Our clock when the request began and when its answer was there. */
  startedAt: number;
  endedAt: number;
}

/**
 * Asks an address once, by GET, within the request's timeout.
 * @throws {GsacError} what the network said.
 */
export type Probe = (url: string) => Promise<ProbeAnswer>;
