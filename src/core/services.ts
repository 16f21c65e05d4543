import type { AccountIndex } from '../accounts/account-index.js';
import type { CodeLedger } from '../accounts/code-ledger.js';
import type { RefreshLock } from '../accounts/refresh-lock.js';
import type { Rescue } from '../accounts/rescue.js';
import type { SessionCache } from '../accounts/session-cache.js';
import type { CredentialStore } from '../accounts/stores/store.js';
import type { ChildRequest } from '../cli/child.js';
import type { LocalFiles } from '../files/local-files.js';
import type { SecretTarget } from '../files/secret-file.js';
import type { TokenFile } from '../files/token-file.js';
import type { AppFolderProbe, OpenAppFolder } from '../google/drive.js';
import type { IdTokenKeys } from '../google/keys.js';
import type { Recording } from '../google/recorder.js';
import type { Revocation } from '../google/revoke.js';
import type { TokenEndpoint } from '../google/token.js';
import type { TokenInfoEndpoint } from '../google/tokeninfo.js';
import type { OpenTransfers } from '../google/transfers.js';
import type { JsonSchema, ReadDocument } from '../schema/document.js';
import type { FlowBar } from '../terminal/flow-bar.js';
import type { TransferBar } from '../terminal/progress-bar.js';
import type { Project } from '../tools/check/model.js';
import type { Machine } from '../tools/doctor/machine.js';
import type { Probe } from '../tools/doctor/probe.js';
import type { EmulatorAdmin } from '../tools/emulator/admin-port.js';
import type { EmulatorSettings, FaultSummary, RunningEmulator } from '../tools/emulator/host.js';
import type { PhoneSignIn } from '../tools/emulator/phone-sign-in.js';
import type { ReceiverHost } from '../tools/listen/receiver.js';
import type { BrowserFlow } from '../tools/login/browser-flow.js';
import type { EnvironmentAccount, StoreKind } from './account.js';
import type { Globals, Notices, Prompts } from './context.js';
import type { Case } from './diagnosis.js';

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
