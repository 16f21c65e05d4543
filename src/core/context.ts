import type { StoreKind } from './account.js';
import type { ResolvedClient } from './client-config.js';
import type { Case, Diagnosis } from './diagnosis.js';
import type { GsacError } from './errors.js';
import type { Check } from './id-token.js';
import type { Shell } from './shell-quote.js';

/** The flags and variables that every command understands, read once. */
export interface Globals {
  json: boolean;
  quiet: boolean;
  /** Whether secrets are printed as they are (`--show-secrets`). */
  showSecrets: boolean;
  trace: boolean;
  debug: boolean;
  /** `--verbose`: errors show the evidence for their cause. */
  verbose: boolean;
  timeoutMs: number;
  /** `--account` or `GSAC_ACCOUNT`. */
  account: string | undefined;
  /** `--store` or `GSAC_STORE`; undefined where nothing was said. */
  store: StoreKind | undefined;
  /** `--client`: a path; undefined if only `GSAC_CLIENT` names one. */
  clientFlag: string | undefined;
  /** `--client` or `GSAC_CLIENT`: a path. */
  clientFile: string | undefined;
  /** `--client-id`, or `GSAC_CLIENT_ID` where no file is named. */
  clientId: string | undefined;
  /** The flag or variable that names the client; undefined if none does. */
  clientFrom: string | undefined;
  /** `--client-secret-file`: a path. */
  clientSecretFile: string | undefined;
  /** `GSAC_CLIENT_SECRET`. */
  clientSecret: string | undefined;
  /** `--allow-token-uri`. */
  allowedTokenUris: readonly string[];
}

/** What is said beside the result; on stderr for people, silent with `--json` or `--quiet`. */
export interface Notices {
  /** Something worth knowing, or progress. Silent with `--quiet`. */
  say(text: string): void;
  /** Something that a person should act on; said with `--quiet` too. */
  warn(text: string, hint?: string): void;
  /** What a person must do for the command to go on; said with `--json` and `--quiet`, too. */
  ask(text: string): void;
  /** One line that replaces itself; an empty text removes it. Only on a terminal. */
  progress(text: string): void;
}

/** Questions to the person at the terminal. */
export interface Prompts {
  /** Whether there is a person to ask. */
  readonly possible: boolean;
  /** Asks for a secret; what is typed is masked. @throws {GsacError} `cancelled`. */
  secret(question: string): Promise<string>;
  /** Asks yes or no, no being the default. @throws {GsacError} `cancelled`. */
  confirm(question: string): Promise<boolean>;
}

/** Finds likely causes. Handed in, so that the rules are loaded only where something failed. */
export interface Diagnose {
  /** The likely causes of a command's failure; `about` adds to what the error itself carries. */
  failure(error: GsacError, about?: Case): Promise<Diagnosis[]>;
  /** The likely causes of an ID token's failed checks. */
  checks(checks: readonly Check[], about?: Case): Promise<Diagnosis[]>;
  /** The likely causes of anything else that was observed. */
  case(given: Case): Promise<Diagnosis[]>;
}

/** What a command knows of its call, and how it speaks to the person. */
export interface Context {
  readonly globals: Globals;
  /**
   * The client that is named, if one is, read once. Only accounts of this client may be used.
   *
   * @throws {GsacError} exit 2 for whatever is wrong with it.
   */
  client(): Promise<ResolvedClient | undefined>;
  /** The shell that the commands in hints are for. */
  readonly shell: Shell;
  /** Of gsac. */
  readonly version: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  now(): number;
  /** Aborted when the person cancels. */
  readonly signal: AbortSignal;
  readonly notices: Notices;
  readonly prompts: Prompts;
  readonly diagnose: Diagnose;
  /** Whether a person sits at stdin; else something may be piped in. */
  readonly stdinIsTty: boolean;
  /** Everything on stdin. @throws {GsacError} `usage` where it is longer than `maxBytes`. */
  readStdin(maxBytes: number): Promise<string>;
  /** A variable of the environment that the person named; undefined where it is not set. */
  variable(name: string): string | undefined;
  /**
   * Told each secret before it is printed or handed on, so that a CI system that is asked to can
   * keep it out of its logs.
   */
  announceSecret(secret: string): void;
}
