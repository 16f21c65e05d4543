import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finishRenewal, longEnoughMs } from '../../accounts/keep-fresh.js';
import type { OpenAccount } from '../../accounts/open.js';
import { freshSession, refreshNow } from '../../accounts/refresh.js';
import type { Provided } from '../../cli/runtime.js';
import { describeAccount, type Session } from '../../core/account.js';
import { toListenError } from '../../core/listen.js';
import { withFileErrors } from '../../files/errno.js';
import { toGsacError } from '../../terminal/errors.js';
import { isServed } from './asker.js';
import { defaultCredentialsFile, markerName, toMetadataEnvironment } from './environment.js';
import { startGuard } from './guard.js';
import type { MetadataAccount, MetadataAnswer } from './protocol.js';
import { startMetadataServer } from './server.js';

/** Where it listens, and whether it is for one command only. */
export interface ServeOptions {
  host: string;
  port: number;
  /** The address that programs are told instead of the host, if that is a wildcard. */
  reachedAt?: string;
  /** For the processes of one command, which ends it; else for everything of the same user. */
  forCommand: boolean;
  /** Whether it gets placeholders, and the tokens are put in on the way to Google. */
  guard?: boolean;
  minTtlSeconds: number;
}

/** A running metadata server. */
export interface ServedAccount {
  /** Host, port and, if it is guarded by one, path. */
  address: string;
  /** What a program finds it by; undefined takes a variable away. */
  env: Record<string, string | undefined>;
  /** Ends it and removes what it left on the disk. */
  close(): Promise<void>;
}

/**
 * Serves an account's access tokens to Google's client libraries. On Linux, on loopback, who asks is
 * looked up and served only if it is the same user, and for a command one of its processes; elsewhere a
 * path of 128 random bits guards it.
 *
 * @throws {GsacError} `address_in_use`, `usage` for the address, or what the first refresh says (3 to 5).
 */
export async function serveAccount(
  options: ServeOptions,
  opened: OpenAccount,
  work: Provided,
): Promise<ServedAccount> {
  const { context, system } = work;
  const { host, port, forCommand } = options;
  // What is wrong with the account is told here, and not as the failure of some library.
  const minTtlMs = options.minTtlSeconds * 1000;
  await freshSession(work, opened, minTtlMs);
  const marker = forCommand ? randomBytes(16).toString('hex') : undefined;
  const isLookedUp = system.platform === 'linux' && /^127\./.test(host);
  const path = isLookedUp ? '' : `/${randomBytes(16).toString('base64url')}`;
  const family =
    marker === undefined ? undefined : { ancestor: system.pid, marker: `${markerName}=${marker}` };
  const userId = system.userId ?? -1;
  const cutOff = new AbortController();
  // A token may be on its way when the command ends; a rotated one must be stored.
  const lasting = work.withSignal(cutOff.signal);
  let renewal: Promise<unknown> = Promise.resolve();
  const keeping = <T>(session: Promise<T>): Promise<T> => {
    renewal = Promise.allSettled([renewal, session]);
    return session;
  };
  const guard = options.guard
    ? await startGuard(opened, createRenewal(opened, lasting, minTtlMs, keeping), work)
    : undefined;
  const server = await startMetadataServer({
    host,
    port,
    path,
    account: toMetadataAccount(
      opened,
      work,
      (leastMs) => keeping(freshSession(lasting, opened, Math.max(minTtlMs, leastMs))),
      guard?.accessToken,
    ),
    serves: (socket) => !isLookedUp || isServed(socket, userId, family),
    onFailure: createFailureAnswer(context.notices.warn),
  }).catch(async (thrown: unknown) => {
    await guard?.close();
    throw toListenError(
      thrown,
      { host, port },
      {
        who: 'gsac',
        hosts: 'The usual hosts are 127.0.0.1 and 0.0.0.0',
      },
    );
  });
  const name = options.reachedAt ?? host;
  const address = `${name.includes(':') ? `[${name}]` : name}:${server.port}${path}`;
  const emptyFolder = forCommand ? makeEmptyFolder(system.tmpDirectory) : undefined;
  if (guard === undefined) warnOfOtherCredentials(work);
  return {
    address,
    env: {
      ...toMetadataEnvironment({ address, emptyFolder, env: system.env }),
      ...(marker === undefined ? {} : { [markerName]: marker }),
      ...guard?.env,
    },
    async close() {
      await guard?.close();
      await server.close();
      await finishRenewal(renewal, cutOff);
      if (emptyFolder !== undefined) rmSync(emptyFolder, { recursive: true, force: true });
    },
  };
}

/** The session of the last request, as long as it will do: a guard asks with every request. */
function createRenewal(
  opened: OpenAccount,
  lasting: Provided,
  minTtlMs: number,
  keeping: <T>(session: Promise<T>) => Promise<T>,
): (isRefused: boolean) => Promise<Session> {
  let last: Session | undefined;
  return async (isRefused) => {
    if (isRefused) {
      last = (await keeping(refreshNow(lasting, opened))).session;
    } else if (last === undefined || last.expiresAt - lasting.context.now() < minTtlMs) {
      last = await keeping(freshSession(lasting, opened, minTtlMs));
    }
    return last;
  };
}

function toMetadataAccount(
  { account }: OpenAccount,
  { context, system }: Provided,
  renew: (leastMs: number) => Promise<Session>,
  placeholder: string | undefined,
): MetadataAccount {
  const [number = account.clientId] = account.clientId.split('-');
  return {
    email: account.email ?? account.sub ?? describeAccount(account),
    scopes: account.scopes,
    // Google takes a project's number wherever it takes its name.
    projectId: system.env['GOOGLE_CLOUD_PROJECT'] || system.env['GCLOUD_PROJECT'] || number,
    async token() {
      const session = await renew(longEnoughMs);
      return {
        accessToken: placeholder ?? session.accessToken,
        expiresInSeconds: Math.max(0, Math.floor((session.expiresAt - context.now()) / 1000)),
      };
    },
  };
}

/** Libraries ask again and again: the person is told of each failure once. */
function createFailureAnswer(warn: (text: string, hint?: string) => void) {
  const told = new Set<string>();
  return (thrown: unknown): MetadataAnswer => {
    const { message, hint, exitCode } = toGsacError(thrown);
    if (!told.has(message)) warn(`No token was served: ${message}`, hint);
    told.add(message);
    const body = hint === undefined ? message : `${message} ${hint}`;
    return { status: exitCode === 3 ? 503 : 400, type: 'application/text', body };
  };
}

function makeEmptyFolder(directory: string): string {
  return withFileErrors('local_file_broken', 'write', directory, () =>
    mkdtempSync(join(directory, 'gsac-metadata-')),
  );
}

function warnOfOtherCredentials({ context, system }: Provided): void {
  const file = defaultCredentialsFile(system.homeDirectory, system.platform, system.env);
  if (!existsSync(file)) return;
  context.notices.warn(
    `${file} exists. Google's libraries for Node, Go and Ruby use those credentials instead of the account's.`,
    'Rename the file for this run, or set HOME to another folder for the command.',
  );
}
