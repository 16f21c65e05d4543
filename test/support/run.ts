import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach } from 'vitest';
import type { Keytar } from '../../src/accounts/stores/keychain.js';
import { decodeText } from '../../src/core/decode-text.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/app.js';
import type { Connect, ConnectRequest } from '../../src/google/connect.js';
import { main } from '../../src/main.js';
import type { ProcessSystem } from '../../src/system.js';

/** What performs gsac's requests; called as the standard `fetch` is. */
export type Fetch = Connect;

/** What one run of gsac left behind. */
export interface Ran {
  stdout: string;
  /** stdout as it was written. */
  bytes: Buffer;
  stderr: string;
  exitCode: number;
  /** stdout as JSON. */
  json<T = Record<string, unknown>>(): T;
  /** The error document on stderr. */
  error(): { code: string; message: string; hint: string | null } & Record<string, unknown>;
}

/** What one run is given, beside the desk's own. */
export interface RunOptions {
  stdin?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Whether the three streams are a terminal. */
  tty?: boolean;
  env?: Record<string, string | undefined>;
  columns?: number;
  /** What the person types once the first question stands there. */
  typed?: () => Promise<string>;
  /** Aborted to cancel, as Ctrl-C does. */
  signal?: AbortSignal;
  /** Replaces the emulator's handler. */
  fetch?: Fetch;
  platform?: NodeJS.Platform;
  nodeVersion?: string;
  /** In place of the installed keytar. */
  loadKeytar?: () => Promise<Keytar>;
  /** Told what is written to stderr, as it comes. */
  onStderr?: (text: string) => void;
  /** In place of starting a browser. */
  launch?: ProcessSystem['launch'];
  /** Told what is written to stdout as it comes. */
  onStdout?: (text: string) => void;
  /** Told where a call into the keychain is stuck at the end. */
  endStuckProcess?: ProcessSystem['endStuckProcess'];
}

type SignIn = Parameters<Emulator['signIn']>[0];

/** A home, a clock, an emulator and a client file that points at it; gsac runs over main(). */
export interface Desk {
  readonly emulator: Emulator;
  readonly home: string;
  readonly clientFile: string;
  /** Epoch milliseconds; set to move the clock of gsac and the emulator. */
  now: number;
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** A code as the phone gets it. */
  code(request?: SignIn): string;
  /** Exchanges a new code into the file store; for tests of what comes after. */
  exchange(request?: SignIn): Promise<Ran>;
  /** A file below the desk's folder. */
  file(name: string, text: string): string;
  dispose(): void;
}

/** The file store's key of every desk. */
export const fileKey = Buffer.alloc(32, 7).toString('base64');

/** A desk that every test of a file or a suite finds anew. */
export function useDesk(options: EmulatorOptions = {}): Desk {
  const desk = {} as Desk;
  beforeEach(() => void createDesk(options, desk));
  afterEach(() => desk.dispose());
  return desk;
}

/** Sets up a desk of its own in a temporary folder; `place` becomes it if given. */
export function createDesk(options: EmulatorOptions = {}, place: object = {}): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-test-'));
  const home = join(folder, 'home');
  const desk: Desk = Object.assign(place, {
    emulator: createEmulator({
      origin: 'http://127.0.0.1:8085',
      clock: () => desk.now,
      ...options,
    }),
    home,
    clientFile: join(folder, 'client_secret_test.json'),
    now: Date.UTC(2026, 0, 15, 12, 0, 0),
    run: (argv: readonly string[], given: RunOptions = {}) => runMain(desk, argv, given),
    code: (request?: SignIn) => desk.emulator.signIn(request).code,
    exchange: (request?: SignIn) => desk.run(['exchange', desk.code(request), '--json']),
    file(name: string, text: string) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  });
  writeFileSync(desk.clientFile, JSON.stringify(desk.emulator.clientFile()));
  return desk;
}

/** The emulator's handler in the place of the network. */
export function emulatorFetch(emulator: Emulator): Fetch {
  return async (url, init) => {
    init.signal.throwIfAborted();
    const answer = await emulator.fetch(toRequest(url, init));
    init.signal.throwIfAborted();
    return answer;
  };
}

/** What gsac sends as the standard request; bodies that stream need a word more. */
export function toRequest(url: string, init: ConnectRequest): Request {
  const { stream, ...rest } = init;
  const more = stream === undefined ? {} : { body: stream, duplex: 'half' };
  return new Request(url, { ...rest, ...more } as RequestInit);
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const taken: Uint8Array[] = [];
  for await (const chunk of chunks) taken.push(chunk);
  return Buffer.concat(taken);
}

async function* stdinOf({ stdin = '' }: RunOptions): AsyncGenerator<Uint8Array> {
  if (typeof stdin === 'string') yield Buffer.from(stdin);
  else if (stdin instanceof Uint8Array) yield stdin;
  else yield* stdin;
}

async function runMain(desk: Desk, argv: readonly string[], options: RunOptions): Promise<Ran> {
  const written: Uint8Array[] = [];
  let stderr = '';
  const tty = options.tty === true;
  const promptInput = new PassThrough();
  const system: ProcessSystem = {
    env: {
      GSAC_HOME: desk.home,
      GSAC_STORE: 'file',
      GSAC_FILE_KEY: fileKey,
      GSAC_CLIENT: desk.clientFile,
      ...options.env,
    },
    platform: options.platform ?? 'linux',
    pid: 4711,
    userId: process.geteuid?.(),
    version: '0.0.0-test',
    nodeVersion: options.nodeVersion ?? '20.19.0',
    loadKeytar: options.loadKeytar,
    homeDirectory: desk.home,
    tmpDirectory: join(dirname(desk.home), 'tmp'),
    now: () => desk.now,
    signal: options.signal ?? new AbortController().signal,
    async closeToOthers() {
      if (options.platform !== 'win32') return undefined;
      return (await import('../../src/files/access-list.js')).createCloseToOthers(system.env);
    },
    umask: () => 0o022,
    connect: async () => options.fetch ?? emulatorFetch(desk.emulator),
    // Nobody waits for what is tried again; only what was to happen before it does.
    async pause() {
      await new Promise(setImmediate);
      options.signal?.throwIfAborted();
    },
    launch: options.launch ?? (async () => false),
    promptInput: () => promptInput,
    promptOutput() {
      void options.typed?.().then((text) => promptInput.write(text));
      return new PassThrough();
    },
    finish: async () => undefined,
    endStuckProcess: options.endStuckProcess ?? (async () => undefined),
    io: {
      stdinIsTty: tty,
      stdoutIsTty: tty,
      stderrIsTty: tty,
      columns: options.columns ?? 80,
      readStdin: async () => decodeText(await bytesOf(stdinOf(options))),
      streamStdin: () => stdinOf(options),
      async writeStdout(output) {
        written.push(Buffer.from(output));
        if (typeof output === 'string') options.onStdout?.(output);
      },
      writeStderr(text) {
        stderr += text;
        options.onStderr?.(text);
      },
    },
  };
  const exitCode = await main(argv, system);
  const bytes = Buffer.concat(written);
  const stdout = bytes.toString();
  return {
    stdout,
    bytes,
    stderr,
    exitCode,
    json: () => JSON.parse(stdout),
    error: () => JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error,
  };
}
