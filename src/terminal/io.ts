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
   * @throws {GsacError} `usage` if it is longer than `maxBytes`; an `AbortError` if the person cancels.
   */
  readStdin(maxBytes: number): Promise<string>;
  /** What comes on stdin, as it comes; it ends with an `AbortError` if the person cancels. */
  streamStdin(): AsyncIterable<Uint8Array> & { destroy?: () => unknown };
  /**
   * Resolves once the text or the bytes were taken, so that a slow reader slows the writer.
   * @throws {GsacError} `cancelled`, `output_failed`; {@link OutputClosed}.
   */
  writeStdout(output: string | Uint8Array): Promise<void>;
  writeStderr(text: string): void;
}

/** What a reader of stdout did when it went away (`gsac files | head`). */
export class OutputClosed extends Error {
  constructor() {
    super('The reader of the output went away.');
    this.name = 'OutputClosed';
  }
}
