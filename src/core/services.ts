import type { JsonSchema, ReadDocument } from '../schema/document.js';
import type { Project } from '../tools/check/model.js';
import type { Machine, Probe } from '../tools/doctor/machine-port.js';
import type { EmulatorAdmin } from '../tools/emulator/admin-port.js';
import type { ReceiverHost } from '../tools/listen/receiver.js';
import type { BrowserFlow } from '../tools/login/browser-flow.js';
import type { FlowBar, HttpRecord } from '../tools/verify/model.js';
import type { AccountRecord, Credential, StoreKind } from './account.js';
import type { Case } from './diagnosis.js';
import type { KnownSecrets } from './known-secrets.js';
import type {
  AccountIndex,
  AppFolderProbe,
  CodeLedger,
  CredentialStore,
  IdTokenKeys,
  OpenAppFolder,
  RefreshLock,
  Rescue,
  Revocation,
  SessionCache,
  TokenEndpoint,
  TokenInfoEndpoint,
} from './ports.js';
import type { LocalFiles, OpenTransfers, TransferBar } from './transfer.js';

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

/** What a command may start an emulator with. */
export interface EmulatorSettings {
  host: string;
  port: number;
  /** Whose client file is wanted. */
  clientType: 'web' | 'desktop';
  /** How many files the first user has beyond the few that are always there. */
  files: number | undefined;
  /** The text of a config file and its name; flags go before what it says. */
  config: { text: string; name: string } | undefined;
  /** What goes wrong from the start, as people write it. */
  faults: readonly string[];
  /** Makes codes, tokens, ids and keys the same in every run. */
  seed: string | undefined;
  /** A time at which the clock stands still, or an offset, as people write it. */
  clock: string | undefined;
  /** Where what it remembers is kept; memory alone without it. */
  stateFile: string | undefined;
  /** Told a line for each request. */
  onRequest: (line: string) => void;
  /** Told in a sentence where the state cannot be written. */
  onStateFailure: (sentence: string) => void;
  /** Whether the process does nothing else, so that its globals may be replaced by faster ones. */
  ownProcess?: boolean;
}

/** A fault that the emulator knows. */
export interface FaultSummary {
  /** The title of the faults of its kind. */
  readonly group: string;
  readonly name: string;
  /** What it does, one sentence. */
  readonly summary: string;
  /** Where this behaviour was seen or is documented. */
  readonly source: string;
  /** How many requests it hits where nobody says. */
  readonly times: number | 'always';
  readonly parameters: readonly {
    readonly name: string;
    readonly kind: string;
    readonly summary: string;
  }[];
}

/** A running emulator. */
export interface RunningEmulator {
  origin: string;
  /** The text of its `client_secret_*.json`. */
  clientFile: string;
  /** Ends it and its connections. */
  close(): Promise<void>;
}

/** A program that is run in our place. */
export interface ChildRequest {
  command: string;
  args: readonly string[];
  /** Set beside our own variables; undefined takes one away. */
  env: Readonly<Record<string, string | undefined>>;
}

/** A file that another program reads the current access token from. */
export interface TokenFile {
  readonly path: string;
  /** Replaces the content in one step: a reader sees the old token or the new one. */
  write(token: string): Promise<void>;
  remove(): Promise<void>;
}

/** What the phone asks of the emulator. */
export interface PhoneSignIn {
  origin: string;
  clientId: string;
  user: string | undefined;
  scopes: readonly string[];
  source: string;
  redirectUri: string | undefined;
}

/** Where a secret is to be written. */
export interface SecretTarget {
  /** False for a device or a pipe, whose readers are not ours to choose. */
  isFile: boolean;
  /** Writes it, once. @throws {GsacError} `usage` where it is taken meanwhile, `output_failed`. */
  write(text: string): Promise<void>;
}

/** How the requests of one of several flows are recorded. */
export interface Recording {
  /** Told every request with its answer. */
  record: (entry: HttpRecord) => void;
  /** Whether the fetching of the issuer's keys is recorded, too; else it is shared. */
  ownKeys: boolean;
  /** Whether headers and bodies are left out. */
  brief: boolean;
  /** What is masked whatever it looks like; what is sent as a secret is added. */
  secrets: KnownSecrets;
}

/**
 * Everything that a command may use of the world, built lazily: what a command does not ask for is
 * not loaded.
 */
export interface Services {
  readonly globals: Globals;
  /** Of gsac. */
  readonly version: string;
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
  /** A variable of the environment that the person named; undefined where it is not set. */
  variable(name: string): string | undefined;
  /** A text file that the person named. @throws what Node throws. */
  readFile(path: string, maxBytes: number): Promise<string>;
  /**
   * Writes a file of mode 0600 in one step, over an existing one; a device or a pipe is written to as
   * it is. `mayReplace` is asked about the text of an existing file; where it says no, nothing is
   * written and false comes back. The folder must exist. @throws what Node throws.
   */
  writePrivateFile(
    path: string,
    text: string,
    mayReplace?: (text: string) => boolean,
  ): Promise<boolean>;
  /**
   * Proves that {@link writePrivateFile} could write there, leaving nothing behind, and returns where
   * the file really is, links followed. @throws {GsacError} `usage`.
   */
  proveFileTarget(path: string): Promise<string>;
  /** Removes a file; none is no failure. @throws what Node throws. */
  removeFile(path: string): Promise<void>;
  /**
   * Makes ready to write a secret to a file of mode 0600, over an existing one only with `replace`,
   * or to a device or a pipe. The folder must exist.
   *
   * @throws {GsacError} `usage`, `output_failed`.
   */
  secretFile(path: string, replace: boolean): Promise<SecretTarget>;
  /** Whether stdout is a file that other users may read. */
  readonly stdoutIsOpenFile: boolean;
  /**
   * Told each secret before it is printed or handed on, so that a CI system that is asked to can
   * keep it out of its logs.
   */
  announceSecret(secret: string): void;
  /**
   * These services for work that must be finished once it has begun, in a command that does many
   * such pieces: the person's cancelling does not end it, and its circumstances are its own.
   */
  forOneJob(): Services;
  /**
   * These services with every HTTP request recorded, its secrets masked, and with circumstances of their
   * own, for one of several flows. Stores, caches and connections are shared.
   */
  recording(recording: Recording): Services;
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
  tokenInfo(): Promise<TokenInfoEndpoint>;
  idTokenKeys(): Promise<IdTokenKeys>;
  revocation(): Promise<Revocation>;
  appFolder(): Promise<OpenAppFolder>;
  appFolderProbe(): Promise<AppFolderProbe>;
  transfers(): Promise<OpenTransfers>;
  /** The files that a person sends and receives. */
  localFiles(): Promise<LocalFiles>;
  /** A bar on the terminal, where somebody sees it; `total` in bytes, undefined where unknown. */
  transferBar(label: string, total: number | undefined): Promise<TransferBar>;
  /** A bar that counts flows on the terminal, where somebody sees it. */
  flowBar(total: number): Promise<FlowBar>;

  browserFlow(): Promise<BrowserFlow>;

  /** This machine as `gsac doctor` looks at it. */
  machine(): Promise<Machine>;
  probe(): Promise<Probe>;

  /**
   * Everything below a folder that has to do with Google Sign-In, for `gsac check`.
   * @throws {GsacError} `usage` where the folder is none.
   */
  readProject(directory: string): Promise<Project>;

  /** Reads YAML and JSON files against a schema. */
  readDocument(): Promise<ReadDocument>;
  /** The schema of plans for `gsac verify --plan`. */
  planSchema(): Promise<JsonSchema>;

  receiver(): Promise<ReceiverHost>;
  /**
   * Runs a program with our standard streams; signals that we get are its own from then on. Returns
   * its exit code, 128 and the signal's number where one ended it.
   *
   * @throws {GsacError} `command_not_found`, `command_not_executable`.
   */
  runChild(request: ChildRequest): Promise<number>;
  /** Makes a folder of mode 0700 below the temporary one, for one file of mode 0600. */
  tokenFile(): Promise<TokenFile>;

  startEmulator(settings: EmulatorSettings): Promise<RunningEmulator>;
  /** Every fault that there is; none needs to run for that. */
  faultCatalogue(): Promise<readonly FaultSummary[]>;
  /** What is wrong with a fault as people write it, as the end of a sentence; undefined where nothing is. */
  refuseFault(text: string): Promise<string | undefined>;
  /** The schema of the emulator's config file. */
  emulatorConfigSchema(): Promise<JsonSchema>;
  emulatorAdmin(): Promise<EmulatorAdmin>;
  /** Signs in at a running emulator; the code is the result. */
  signInAtEmulator(
    request: PhoneSignIn,
  ): Promise<{ code: string; user: string; clientId: string; scopes: string[]; source: string }>;
}
