/** The three standard streams as the rest of gsac sees them; handed in, so that tests can read along. */
export interface Io {
  stdinIsTty: boolean;
  stdoutIsTty: boolean;
  /** Whether stdout is a file that other users may read; false where it is not said. */
  stdoutIsOpenFile?: boolean;
  stderrIsTty: boolean;
  /** Columns of the terminal that stdout goes to; 80 where it is none. */
  columns: number;
  /**
   * Everything on stdin as UTF-8.
   * @throws {GsacError} `usage` where it is longer than `maxBytes`.
   */
  readStdin(maxBytes: number): Promise<string>;
  /** What comes on stdin, as it comes; it ends with an `AbortError` where the signal says so. */
  streamStdin(signal: AbortSignal): AsyncIterable<Uint8Array> & { destroy?: () => unknown };
  /** Resolves once the text was taken, so that a slow reader slows the writer. */
  writeStdout(text: string): Promise<void>;
  /** The same for bytes of any number; the process goes on while a slow reader takes them. */
  streamStdout(bytes: Uint8Array): Promise<void>;
  writeStderr(text: string): void;
}

/** What a reader of stdout did when it went away (`gsac files | head`). */
export class OutputClosed extends Error {
  constructor() {
    super('The reader of the output went away.');
    this.name = 'OutputClosed';
  }
}
