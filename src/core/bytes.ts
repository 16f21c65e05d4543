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
