import type { CloseToOthers } from '../files/access-list.js';
import type { Io } from '../terminal/io.js';

/**
 * The world as gsac sees it. Everything that differs between a real run and a test is in here, and
 * nothing else reads `process`.
 */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** The number of the user that we act as, where the platform has them. */
  readonly userId?: number | undefined;
  /** Whether the process is gsac's alone, and not that of a test. */
  readonly ownsProcess?: boolean;
  /** The file that runs as gsac, as it was called. */
  readonly program?: string | undefined;
  readonly version: string;
  /** Node's, without the `v`. */
  readonly nodeVersion: string;
  readonly io: Io;
  readonly homeDirectory: string;
  readonly tmpDirectory: string;
  now(): number;
  /** Waits; rejected if the person cancels. */
  pause(milliseconds: number): Promise<void>;
  /** Aborted when the person cancels (SIGINT) or the process is asked to end (SIGTERM). */
  readonly signal: AbortSignal;
  /** Told of signals, which neither cancel nor end us until the returned function is called. */
  onSignal?(
    names: readonly NodeJS.Signals[],
    listener: (signal: NodeJS.Signals) => void,
  ): () => void;
  /** What closes files to others on a platform whose modes do not; undefined if they do. */
  closeToOthers(): Promise<CloseToOthers | undefined>;
  /** The bits of a mode that files made by this process lack. */
  umask(): number;
  /** Starts a program that outlives this one; false where it cannot be started or fails at once. */
  launch(file: string, args: readonly string[]): Promise<boolean>;
}
