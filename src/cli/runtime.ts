import type { Command } from 'commander';
import type { Accounts } from '../accounts/accounts.js';
import type { Context, Globals } from '../core/context.js';
import type { Google } from '../google/google.js';
import type { Style } from '../terminal/style.js';
import type { System } from './system.js';

/** What a command is handed; each names the parts that it takes. */
export interface Provided {
  readonly context: Context;
  readonly accounts: Accounts;
  readonly google: Google;
  /** For the ports that a tool makes for itself. */
  readonly system: System;
  /**
   * The same for work that another signal ends and not the person's: `context`, `accounts` and `google`
   * go by it. Stores and connections are shared.
   */
  withSignal(signal: AbortSignal): Provided;
}

/** What a command's logic gives back: its result as the JSON document, and 6 where a check failed. */
export interface Outcome<R> {
  result: R;
  exitCode?: 0 | 6;
}

/** What a result is rendered with. */
export interface RenderContext {
  /** The style of stdout; built when first asked for. */
  style: () => Style;
  /** Whether stdout is a terminal, which alone has a width. */
  isTty: () => boolean;
  /** `--quiet`: what only confirms that all went well is left out. */
  quiet: boolean;
  /** Epoch milliseconds. */
  now: number;
}

/** stdout for a command that writes as it goes. */
export interface Output {
  globals: Globals;
  write(text: string): Promise<void>;
  /** Says the exit code before the last is written: it holds also where nobody reads that. */
  conclude(exitCode: 0 | 6): void;
  style: () => Style;
  isTty: () => boolean;
}

/** A command as it was called: the part of commander's Command that runs read. */
export type Call = Pick<Command, 'opts' | 'optsWithGlobals' | 'getOptionValueSource'>;

/** How a command's declaration is tied to the run of it; made once, in main. */
export interface Runtime {
  version(): string;
  columns(): number;
  /** Everything behind the program's name, as it was typed. */
  argv(): readonly string[];
  /** Told which command is called, with those above it, as soon as that is known. */
  calling(path: string): void;
  /** Runs a command and prints its result: as JSON with `--json`, else rendered. */
  run<R>(
    command: Call,
    work: (provided: Provided) => Promise<Outcome<R>>,
    render: (result: R, context: RenderContext) => string | Promise<string>,
  ): Promise<void>;
  /** Runs a command that writes as it goes; returns its exit code, 0 where it says none. */
  stream(
    command: Call,
    work: (provided: Provided, output: Output) => Promise<number | undefined>,
  ): Promise<void>;
}
