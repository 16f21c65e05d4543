import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OpenAccount } from '../../accounts/open.js';
import type { Provided } from '../../cli/runtime.js';
import { tokenVariables } from '../../commands/exec.js';
import type { Session } from '../../core/account.js';
import { formatAuthorizedUser } from '../../core/authorized-user.js';
import { googleTokenUri } from '../../core/endpoints.js';
import { createForwarder } from '../../intercept/forward.js';
import { type Interception, startInterception } from '../../intercept/intercept.js';
import type { InterceptionEvent } from '../../intercept/policy.js';
import { collectRoots } from '../../intercept/roots.js';
import { toGsacError } from '../../terminal/errors.js';
import { createGuardPolicy, type Placeholders } from './guard-policy.js';

/** A running guard. */
export interface Guard {
  /** What leads a program to it; undefined takes a variable away. */
  env: Record<string, string>;
  /** What stands for every access token. */
  accessToken: string;
  close(): Promise<void>;
}

/**
 * Stands between a command and Google: the command holds placeholders, and the account's tokens are put
 * in their place on the way to Google's hosts (or to the account's emulator), and to no other.
 *
 * @param renew a session that lives long enough; told whether Google has refused the last one.
 * @throws {GsacError} `local_file_broken` if the files for the command cannot be written.
 */
export async function startGuard(
  { account, endpoints }: OpenAccount,
  renew: (isRefused: boolean) => Promise<Session>,
  { context, system }: Provided,
): Promise<Guard> {
  const { env } = system;
  const placeholders = makePlaceholders();
  const forwarder = createForwarder({ env, ca: collectRoots(env) });
  const told = new Set<string>();
  const warn = (text: string, hint?: string) => {
    if (!told.has(text)) context.notices.warn(text, hint);
    told.add(text);
  };
  let running: Interception | undefined;
  try {
    const interception = await startInterception({
      policy: createGuardPolicy({
        placeholders,
        forwarder,
        origin: endpoints.origin,
        renew,
        now: context.now,
        refuse(response, thrown, form) {
          const { message, hint, exitCode, details } = toGsacError(thrown);
          warn(`No token was put in: ${message}`, hint);
          sendRefusal(response, { message, details, isRefused: exitCode === 4, form });
        },
      }),
      world: system,
      observe: (event) => {
        const words = describe(event);
        if (words !== undefined) warn(words, 'See `gsac help metadata`.');
      },
    });
    running = interception;
    const credentials = interception.folder.write(
      'credentials.json',
      formatAuthorizedUser({
        clientId: account.clientId,
        clientSecret: placeholders.clientSecret,
        refreshToken: placeholders.refreshToken,
        tokenUri: googleTokenUri,
        rescue: false,
      }),
    );
    return {
      accessToken: placeholders.accessToken,
      env: {
        ...interception.env,
        ...Object.fromEntries(tokenVariables.map((name) => [name, placeholders.accessToken])),
        GOOGLE_APPLICATION_CREDENTIALS: credentials,
      },
      async close() {
        await interception.close();
        forwarder.close();
      },
    };
  } catch (thrown) {
    await running?.close();
    forwarder.close();
    throw thrown;
  }
}

/** They look like Google's to programs that check the beginning, and nobody can guess them. */
function makePlaceholders(): Placeholders {
  const unguessable = () => randomBytes(32).toString('base64url');
  return {
    accessToken: `ya29.gsac-placeholder-${unguessable()}`,
    refreshToken: `1//0gsac-placeholder-${unguessable()}`,
    clientSecret: `GOCSPX-gsac-placeholder-${unguessable()}`,
  };
}

/** What keeps a placeholder a placeholder, although it was for Google. */
function describe(event: InterceptionEvent): string | undefined {
  if (event.kind === 'untrusted') {
    return `A program did not accept gsac’s certificate for ${event.host}: ${event.reason}.`;
  }
  if (event.kind === 'tunnelled' && event.why !== 'other') {
    return `A connection to ${event.host} cannot be read (${event.why === 'http2' ? 'HTTP/2 only' : 'not HTTP'}), so that no token is put in.`;
  }
  return undefined;
}

function sendRefusal(
  response: ServerResponse,
  {
    message,
    details,
    isRefused,
    form,
  }: {
    message: string;
    details: Readonly<Record<string, unknown>>;
    isRefused: boolean;
    form: 'oauth' | 'api';
  },
): void {
  const google = Object.entries(details['google'] ?? {});
  const said = Object.fromEntries(google.filter(([name]) => name.startsWith('error')));
  const oauth = {
    error: isRefused ? 'invalid_grant' : 'server_error',
    error_description: message,
    ...said,
  };
  const code = isRefused ? 401 : 503;
  const status = isRefused ? 'UNAUTHENTICATED' : 'UNAVAILABLE';
  const body = form === 'oauth' ? oauth : { error: { code, message: `gsac: ${message}`, status } };
  response.writeHead(form === 'oauth' && isRefused ? 400 : code, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(`${JSON.stringify(body)}\n`);
}
