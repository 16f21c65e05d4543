import type { Command } from 'commander';
import { GsacError } from '../core/errors.js';
import { parseScopes, toRequestedScopes, usualScopes } from '../core/scopes.js';
import { collect, readCount, readDuration } from './flags.js';

/** Declares the flags of a sign-in with a browser. @param when what precedes each text, `with --login: `. */
export function addBrowserOptions(command: Command, when = ''): Command {
  return command
    .option(
      '--scope <scope>',
      `${when}a scope to ask for; repeatable (default: ${usualScopes.join(' ')})`,
      collect,
    )
    .option(
      '--include-granted-scopes',
      `${when}also get the scopes that the person granted before (web clients)`,
    )
    .option('--login-hint <email>', `${when}the Google account that signs in`)
    .option('--port <port>', `${when}the port to wait on (default: any, or the registered one)`)
    .option('--redirect-path <path>', `${when}the path of the redirect URI (default: /)`)
    .option(
      '--no-browser',
      `${when}only print the address; paste the one that comes back, or pipe it in`,
    )
    .option('--wait <time>', `${when}how long to wait for the browser`, '5m');
}

/** Reads the flags that {@link addBrowserOptions} declares. @throws {GsacError} `usage`. */
export function readBrowserSignIn(flags: Readonly<Record<string, unknown>>): BrowserSignIn {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const port = text('port');
  const redirectPath = text('redirectPath');
  const given = flags['scope'];
  const asked = Array.isArray(given) ? parseScopes(given.join(' ')) : usualScopes;
  if (asked.length === 0) throw new GsacError('usage', '--scope is empty.');
  if (redirectPath !== undefined && !/^\/[\w./~-]*$/.test(redirectPath)) {
    throw new GsacError('usage', '--redirect-path is not a path.', {
      hint: 'A path begins with a slash, such as /oauth2callback, and has neither ? nor #.',
    });
  }
  const waitMs = readDuration(text('wait') ?? '5m', '--wait', { least: 100, most: 86_400_000 });
  return {
    scopes: toRequestedScopes(asked),
    includeGrantedScopes: flags['includeGrantedScopes'] === true,
    loginHint: text('loginHint'),
    port: port === undefined ? undefined : readCount(port, '--port', { least: 0, most: 65_535 }),
    redirectPath,
    browser: flags['browser'] !== false,
    waitMs,
  };
}

/** What the person finally reads in the browser; never a secret. */
export interface Landing {
  title: string;
  sentences: readonly string[];
}

/** A sign-in with a browser. */
export interface BrowserSignIn {
  /** As they are sent. */
  scopes: readonly string[];
  /** Whether to get the scopes that were granted before, too. */
  includeGrantedScopes: boolean;
  loginHint: string | undefined;
  port: number | undefined;
  redirectPath: string | undefined;
  /** False if the person opens the address elsewhere and pastes what comes back. */
  browser: boolean;
  waitMs: number;
}

/** A code that came through a browser, with what its exchange needs. */
export interface BrowserCode {
  code: string;
  redirectUri: string;
  codeVerifier: string;
}
