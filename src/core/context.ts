import type { StoreKind } from './account.js';

/** The flags and variables that every command understands, read once. */
export interface Globals {
  json: boolean;
  quiet: boolean;
  /** Whether secrets are printed as they are (`--show-secrets`). */
  showSecrets: boolean;
  trace: boolean;
  debug: boolean;
  timeoutMs: number;
  /** `--account` or `GSAC_ACCOUNT`. */
  account: string | undefined;
  /** `--store` or `GSAC_STORE`; undefined where nothing was said. */
  store: StoreKind | undefined;
  /** `--client` or `GSAC_CLIENT`: a path. */
  clientFile: string | undefined;
  /** `--client-id`, or `GSAC_CLIENT_ID` where no file is named. */
  clientId: string | undefined;
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
