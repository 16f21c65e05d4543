import { tmpdir } from 'node:os';
import type { SecurityEventRequest } from './admin-endpoint.js';
import {
  createEmulator as createWholeEmulator,
  type EmulatorOptions,
  type Emulator as WholeEmulator,
} from './app.js';
import { type BrowserOptions, toBrowserOptions } from './browser-options.js';
import { checkValue } from './check-value.js';
import { type Endpoints, toEndpoints } from './endpoints.js';
import type { FaultDescription, FaultRequest } from './faults/model.js';
import type { RequestEntry } from './http/log.js';
import type { ClientFile, DesktopClientFile, ServiceAccountFile } from './oauth/client-file.js';
import {
  addUser,
  findClient,
  findUser,
  revokeAccess,
  type SignInRequest,
  type SignInResult,
} from './oauth/sign-in.js';
import {
  FAULT,
  INTERCEPT,
  LISTEN,
  OPTIONS,
  PATHNAME,
  SECURITY_EVENT,
  SIGN_IN,
  TIME,
} from './options-schema.js';
import type { Delivery } from './risc/security-events.js';
import { type ServedEmulator, serveEmulator } from './serve.js';
import { type DriveFile, fileContent } from './state/drive-store.js';
import type { EmulatorUser, UserSeed } from './state/model.js';

export type { SecurityEventRequest } from './admin-endpoint.js';
export type { EmulatorOptions } from './app.js';
export type { BrowserOptions } from './browser-options.js';
export type { Endpoints } from './endpoints.js';
export type {
  FaultDescription,
  FaultParameter,
  FaultParameterKind,
  FaultRequest,
} from './faults/model.js';
export { FaultRequestError } from './faults/parameters.js';
export type { RequestEntry } from './http/log.js';
export type { Family } from './http/paths.js';
export type { ClientFile, DesktopClientFile, ServiceAccountFile } from './oauth/client-file.js';
export { SignInError, type SignInRequest, type SignInResult } from './oauth/sign-in.js';
export type { Delivery, SecurityEvent } from './risc/security-events.js';
export type {
  ClientSeed,
  ClientStatus,
  EmulatorSwitches,
  FileSeed,
  ServiceAccountSeed,
  SignInSource,
  UserSeed,
} from './state/model.js';
export { SavedStateError } from './state/saved-state.js';

/** The type of the global `fetch`, wherever it comes from: Node's types or the DOM's. */
export type Fetch = typeof globalThis extends { fetch: infer F } ? F : never;

/** Where an emulator listens. */
export interface ListenOptions {
  /** 0, the default, for any free one. */
  readonly port?: number;
  /** `127.0.0.1`. An emulator has no protection: it belongs on loopback. */
  readonly host?: string;
}

/** How {@link Emulator.intercept} stands between programs and Google. */
export interface InterceptOptions {
  /** Google's hosts that are left alone: `storage.googleapis.com`, `*.cloud.google.com`. */
  readonly passThrough?: readonly string[];
  /** The port of the proxy; 0, the default, for any free one. */
  readonly port?: number;
}

/** What leads programs to the emulator that know only Google's own addresses. */
export interface Intercepted {
  /**
   * Variables for processes that are started later, beside those of this one, which are kept in them:
   * `spawn(file, args, { env: { ...process.env, ...env } })`. In this process they change nothing.
   */
  readonly env: Readonly<Record<string, string>>;
  /** A PEM file with the certificate that they have to trust. */
  readonly caFile: string;
  /** What leads Chromium and the browsers made of it here, as test runners start them. */
  readonly browser: BrowserOptions;
  /** Ends it; `close` of the emulator does so, too. */
  close(): Promise<void>;
}

/** What was asked of the emulator, its own pages under `/_emulator` left out. */
export interface Requests {
  /** Counts the requests of a path (`/token`), of all of them without one. */
  count(path?: string): number;
  /**
   * Returns the requests, oldest first: the last 5,000 (fewer if they sent more than 16 million
   * characters), or those of one path among them. Their `form` and `query` hold what was sent,
   * secrets included.
   */
  list(path?: string): readonly RequestEntry[];
  /** Forgets everything. */
  clear(): void;
}

/** A file as Drive holds it. Times are epoch milliseconds. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Who has an account. */
export interface User {
  readonly email: string;
  /** The account ID, 21 digits at Google. */
  readonly sub: string;
  readonly name: string;
  /** The Workspace domain; undefined for consumer accounts. */
  readonly hd?: string | undefined;
}

/** Google's sign-in and Drive endpoints in this process. */
export interface Emulator {
  /**
   * Answers a request to any endpoint, without a network: whatever the host is, the path decides. It
   * goes where a client takes a `fetch` of one's own. Relative addresses are those of {@link origin}.
   *
   * @throws {TypeError} with code `ECONNRESET` where a fault cuts the connection.
   */
  readonly fetch: Fetch;
  /** `http://127.0.0.1:<port>`, without a slash at the end: the root of every address in answers. */
  readonly origin: string;
  readonly endpoints: Endpoints;
  /**
   * Listens on a port, and returns this emulator when it does.
   *
   * @throws {Error} where it listens already, and the operating system's where the port cannot be had.
   */
  listen(options?: ListenOptions): Promise<Emulator>;
  /** Ends listening and every open connection; does nothing where it does not listen. */
  close(): Promise<void>;
  /**
   * Stands between programs and Google: whoever is started with its variables and asks one of Google's
   * own addresses is answered by this emulator, which listens from then on. Hosts of Google's that it
   * does not have are answered 501; other hosts are reached as always.
   *
   * @throws {Error} the operating system's if a port or a temporary folder cannot be had.
   */
  intercept(options?: InterceptOptions): Promise<Intercepted>;
  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /**
   * What the Cloud console gives out as `client_secret_*.json`, with the emulator's addresses, of the
   * first web client or of the one with this id.
   *
   * @throws {Error} where there is no such web client.
   */
  clientFile(clientId?: string): ClientFile;
  /** The same of a desktop client. @throws {Error} where there is no such client. */
  desktopClientFile(clientId?: string): DesktopClientFile;
  /** The same of a client of TVs and devices. @throws {Error} if there is no such client. */
  deviceClientFile(clientId?: string): DesktopClientFile;
  /**
   * What the Cloud console gives out as the key of a service account, with the emulator's addresses, of
   * the first one or of the one with this email. Libraries that read `token_uri` need nothing else;
   * the others need {@link intercept}.
   *
   * @throws {Error} if there is no such service account.
   */
  serviceAccountFile(email?: string): ServiceAccountFile;
  /**
   * Does what the phone or the browser does: signs a user in and makes a one-time code. Without a
   * request, the first user signs in on iOS for the first web client.
   *
   * @throws {TypeError} for what no request has.
   * @throws {SignInError} where Google would refuse.
   */
  signIn(request?: SignInRequest): SignInResult;
  /** Removes the app's access, as a person does in their Google account: all its tokens die. */
  revoke(user?: string, clientId?: string): void;
  /** The files of a user's application data folder, of the first user and web client by default. */
  files(user?: string, clientId?: string): readonly StoredFile[];
  /**
   * Makes something go wrong, for one request unless `times` or the fault itself says otherwise; as
   * text it is written `status:status=429,times=2`.
   *
   * @throws {FaultRequestError} for a fault, a parameter, a user or a client that does not exist.
   */
  inject(fault: FaultRequest | string): void;
  /** Mends everything, or the faults of one name. @throws {FaultRequestError} where there is none. */
  clearFaults(name?: string): void;
  /** Every fault that can be injected. */
  readonly faults: readonly FaultDescription[];
  /** Everybody who has an account. */
  readonly users: readonly User[];
  /**
   * Adds a user.
   *
   * @throws {TypeError} for what no user has.
   * @throws {SignInError} if the email or the account ID belongs to another user.
   */
  addUser(user: UserSeed): User;
  /** Removes a user with all tokens and files. @throws {SignInError} if there is no such user. */
  removeUser(email: string): void;
  /**
   * Posts a security event to the receiver that was registered, or to another one; what came of it is
   * the result, nothing if nobody registered.
   *
   * @throws {TypeError} for what no order has.
   * @throws {SignInError} for a user or a client that does not exist.
   */
  sendSecurityEvent(order: SecurityEventRequest): Promise<readonly Delivery[]>;
  readonly requests: Requests;
  /**
   * Sets the emulator's clock forward, so that codes and tokens expire. The clock of the program under
   * test stays, so an ID token that is made afterwards is in its future.
   *
   * @throws {TypeError} for what is no number, or leads beyond what a date can hold.
   */
  advance(seconds: number): void;
  /** Takes back what {@link advance} did. */
  resetClock(): void;
  /** What it remembers, as JSON can hold it, for the `saved` option of another one. */
  save(): unknown;
}

/**
 * Creates an emulator of Google in memory, for the tests of whatever talks to Google. It listens
 * nowhere until `listen` is called; nothing of one emulator is seen by another, but for the keys that
 * sign ID tokens: they are public test keys, one of which the seed chooses.
 *
 * @throws {TypeError} for an option that does not exist or has a wrong value.
 * @throws {FaultRequestError} for a fault among the options that does not exist.
 * @throws {SavedStateError} where `saved` cannot be understood.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  checkValue(options, OPTIONS, 'createEmulator');
  const now = options.clock ?? Date.now;
  const clock = (): number => {
    const at = now();
    checkValue(at, TIME, 'createEmulator: what clock returns');
    return at;
  };
  const whole = createWholeEmulator({ ...options, clock });
  let listening: Promise<ServedEmulator> | undefined;

  const interceptions = new Set<Intercepted>();
  const close = async (): Promise<void> => {
    for (const one of interceptions) await one.close();
    const ending = listening;
    listening = undefined;
    // Where listening failed, whoever called it was told.
    const served = await ending?.catch(() => undefined);
    await served?.close();
  };
  const emulator: Emulator = {
    fetch: toFetch(whole),
    get origin() {
      return whole.origin;
    },
    get endpoints() {
      return toEndpoints(whole.origin);
    },
    async listen(wanted = {}) {
      checkValue(wanted, LISTEN, 'listen');
      if (listening) throw new Error('The emulator is already listening');
      const starting = serveEmulator(whole, wanted);
      listening = starting;
      try {
        await starting;
      } catch (error) {
        if (listening === starting) listening = undefined;
        throw error;
      }
      return emulator;
    },
    close,
    async intercept(wanted = {}) {
      checkValue(wanted, INTERCEPT, 'intercept');
      if (!listening) await emulator.listen();
      await listening;
      const { putInGooglesPlace } = await import('./stand-in.js');
      const standIn = await putInGooglesPlace({
        emulator: whole,
        clientFile: whole.clientFile(),
        passThrough: wanted.passThrough ?? [],
        port: wanted.port ?? 0,
        onMissing: () => undefined,
        observe: () => undefined,
        world: {
          env: { ...process.env },
          platform: process.platform,
          pid: process.pid,
          userId: process.geteuid?.(),
          tmpDirectory: tmpdir(),
        },
      });
      const intercepted = {
        env: standIn.env,
        caFile: standIn.interception.caFile,
        browser: toBrowserOptions(standIn.interception),
        close() {
          interceptions.delete(intercepted);
          return standIn.interception.close();
        },
      };
      interceptions.add(intercepted);
      return intercepted;
    },
    [Symbol.asyncDispose]: close,
    clientFile: whole.clientFile,
    desktopClientFile: whole.desktopClientFile,
    deviceClientFile: whole.deviceClientFile,
    serviceAccountFile: (email) => whole.serviceAccountFile(email),
    signIn(request = {}) {
      checkValue(request, SIGN_IN, 'signIn');
      return whole.signIn(request);
    },
    revoke(user, clientId) {
      const { state } = whole;
      revokeAccess(findUser(user, state), findClient(clientId, state), state);
    },
    files(user, clientId) {
      const { state } = whole;
      const { number } = findClient(clientId, state).project;
      const folder = state.drive.folder(findUser(user, state), number);
      return [...folder.all().values()]
        .filter(({ space }) => space === 'appDataFolder')
        .map(toStoredFile);
    },
    inject(fault) {
      checkValue(fault, FAULT, 'inject');
      whole.faults.order(fault);
    },
    clearFaults(name) {
      whole.faults.clear(name);
    },
    get faults() {
      return whole.faults.catalogue;
    },
    get users() {
      return [...whole.state.users.values()].map(toUser);
    },
    addUser(seed) {
      checkValue(seed, OPTIONS.properties?.['users']?.items ?? {}, 'addUser');
      return toUser(addUser(seed, whole.state));
    },
    removeUser: (email) => whole.state.removeUser(findUser(email, whole.state)),
    sendSecurityEvent(order) {
      checkValue(order, SECURITY_EVENT, 'sendSecurityEvent');
      return whole.sendEvent(order);
    },
    requests: {
      count(path) {
        if (path !== undefined) checkValue(path, PATHNAME, 'count: path');
        return whole.requests.count(path);
      },
      list(path) {
        if (path !== undefined) checkValue(path, PATHNAME, 'list: path');
        return whole.requests.list(path);
      },
      clear: () => whole.requests.clear(),
    },
    advance: (seconds) => whole.time.advance(seconds),
    resetClock: () => whole.time.reset(),
    save: whole.save,
  };
  return emulator;
}

function toFetch(whole: WholeEmulator): Fetch {
  return (input, init) => {
    const isAddress = typeof input === 'string' || input instanceof URL;
    return whole.fetch(new Request(isAddress ? new URL(input, whole.origin) : input, init));
  };
}

function toUser({ email, sub, name, hd }: EmulatorUser): User {
  return { email, sub, name, hd };
}

function toStoredFile(file: DriveFile): StoredFile {
  const { id, name, mimeType, createdAt, modifiedAt } = file;
  const content = new Uint8Array(fileContent(file));
  return { id, name, mimeType, content, createdAt, modifiedAt };
}
