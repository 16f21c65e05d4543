import type { AccountRecord, Credential, StoreKind } from './account.js';
import type { Project } from './check/model.js';
import type { Case } from './diagnosis/case.js';
import type { Machine, Probe } from './machine.js';
import type {
  AccountIndex,
  CodeLedger,
  CredentialStore,
  IdTokenKeys,
  OpenAppFolder,
  RefreshLock,
  Rescue,
  Revocation,
  SessionCache,
  TokenEndpoint,
} from './ports.js';

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

/** Credentials from the environment, with what is known of their account. */
export interface EnvironmentAccount {
  account: AccountRecord;
  credential: Credential;
  /** The variable that they come from. */
  from: string;
}

/** What is said beside the result; on stderr for people, silent with `--json` or `--quiet`. */
export interface Notices {
  /** Something worth knowing, or progress. Silent with `--quiet`. */
  say(text: string): void;
  /** Something that a person should act on; said with `--quiet` too. */
  warn(text: string, hint?: string): void;
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

/** What a command may start an emulator with. */
export interface EmulatorSettings {
  host: string;
  port: number;
  /** How many files the first user has beyond the few that are always there. */
  files: number | undefined;
  /** Told a line for each request. */
  onRequest: (line: string) => void;
}

/** A running emulator. */
export interface RunningEmulator {
  origin: string;
  /** The text of its `client_secret_*.json`. */
  clientFile: string;
  /** Ends it and its connections. */
  close(): Promise<void>;
}

/** What the phone asks of the emulator. */
export interface PhoneSignIn {
  origin: string;
  clientId: string;
  user: string | undefined;
  scopes: readonly string[];
  source: string;
  redirectUri: string | undefined;
  timeoutMs: number;
}

/**
 * Everything that a command may use of the world, built lazily: what a command does not ask for is
 * not loaded.
 */
export interface Services {
  readonly globals: Globals;
  readonly pid: number;
  now(): number;
  /** Aborted when the person cancels. */
  readonly signal: AbortSignal;
  readonly notices: Notices;
  readonly prompts: Prompts;
  /** What the command is about, filled in as it goes; read when it fails, to find the cause. */
  readonly circumstances: Case;

  /** Whether a person sits at stdin; else something may be piped in. */
  readonly stdinIsTty: boolean;
  /** Everything on stdin. @throws {GsacError} `usage` where it is longer than `maxBytes`. */
  readStdin(maxBytes: number): Promise<string>;
  /** A text file that the person named. @throws what Node throws. */
  readFile(path: string, maxBytes: number): Promise<string>;
  /** Writes a file with mode 0600, over an existing one. */
  writePrivateFile(path: string, text: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** 32 random bytes, base64. */
  newSessionKey(): string;

  accounts(): Promise<AccountIndex>;
  store(kind: StoreKind): Promise<CredentialStore>;
  environmentAccount(): Promise<EnvironmentAccount | undefined>;
  sessions(): Promise<SessionCache>;
  refreshLock(): Promise<RefreshLock>;
  rescue(): Promise<Rescue>;
  codeLedger(): Promise<CodeLedger>;

  tokenEndpoint(): Promise<TokenEndpoint>;
  idTokenKeys(): Promise<IdTokenKeys>;
  revocation(): Promise<Revocation>;
  appFolder(): Promise<OpenAppFolder>;

  /** This machine as `gsac doctor` looks at it. */
  machine(): Promise<Machine>;
  probe(): Promise<Probe>;

  /**
   * Everything below a folder that has to do with Google Sign-In, for `gsac check`.
   * @throws {GsacError} `usage` where the folder is none.
   */
  readProject(directory: string): Promise<Project>;

  startEmulator(settings: EmulatorSettings): Promise<RunningEmulator>;
  /** Signs in at a running emulator; the code is the result. */
  signInAtEmulator(
    request: PhoneSignIn,
  ): Promise<{ code: string; user: string; clientId: string; scopes: string[]; source: string }>;
}
