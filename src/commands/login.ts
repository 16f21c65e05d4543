import { Command } from 'commander';
import { collect } from '../cli/collect.js';
import { readDuration } from '../cli/durations.js';
import { readCount } from '../cli/numbers.js';
import type { Outcome, Runtime } from '../cli/runtime.js';
import type { Landing } from '../core/browser-flow.js';
import { GsacError } from '../core/errors.js';
import { parseScopes, toRequestedScopes, usualScopes } from '../core/scopes.js';
import type { Services } from '../core/services.js';
import { type BrowserSignIn, signInWithBrowser } from '../flows/browser-sign-in.js';
import { resolveClient } from '../flows/client.js';
import { type Exchanged, exchangeCode } from '../flows/exchange-code.js';
import { storeNames } from '../flows/open-account.js';
import { type ExchangeResult, renderExchange, toExchangeResult } from './exchange.js';

/** The flags of `gsac login`. */
export interface LoginOptions extends BrowserSignIn {
  store: boolean;
}

const source = 'web-redirect';

/** Declares `gsac login`. */
export function loginCommand(runtime: Runtime, run = runLogin): Command {
  return new Command('login')
    .summary('sign in in a browser, and keep the tokens')
    .description(
      'Sign in in a browser of this machine, without a phone: authorization code flow with PKCE on a ' +
        'loopback port. The result is that of gsac exchange. A client of type "Web application" ' +
        'takes registered redirect URIs alone: the first http one on this machine that its file ' +
        'lists, or the one that --port and --redirect-path name.',
    )
    .option(
      '--scope <scope>',
      `what to ask for, repeatable (default: ${usualScopes.join(' ')})`,
      collect,
    )
    .option('--login-hint <email>', 'who signs in')
    .option('--port <port>', 'the port to wait on (default: any, or the registered one)')
    .option('--redirect-path <path>', 'the path of the redirect URI (default: /)')
    .option('--no-browser', 'print the address; the one that comes back is pasted, or on stdin')
    .option('--wait <time>', 'how long to wait for the browser', '5m')
    .option('--no-store', 'keep nothing')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac login --client client_secret.json\n  $ gsac login --scope "openid email" --scope drive.file --login-hint tester@example.com\n  $ gsac login --no-browser   # over SSH',
    )
    .action((_options, command: Command) =>
      runtime.run(
        command,
        (services) => run(readOptions(command.opts()), services),
        renderExchange,
      ),
    );
}

function readOptions(flags: Record<string, unknown>): LoginOptions {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const port = text('port');
  const redirectPath = text('redirectPath');
  const given = flags['scope'];
  const asked = Array.isArray(given) ? parseScopes(given.join(' ')) : usualScopes;
  if (asked.length === 0) throw new GsacError('usage', '--scope is empty.');
  if (redirectPath !== undefined && !/^\/[\w./~-]*$/.test(redirectPath)) {
    throw new GsacError('usage', '--redirect-path is not a path.', {
      hint: 'It begins with a slash, such as /oauth2callback, and has neither ? nor #.',
    });
  }
  const waitMs = readDuration(text('wait') ?? '5m', '--wait');
  if (waitMs < 100 || waitMs > 86_400_000) {
    throw new GsacError('usage', '--wait is not a time from 0.1s to 1d.', {
      hint: 'Write it as 90s, 5m or 1h.',
    });
  }
  return {
    scopes: toRequestedScopes(asked),
    loginHint: text('loginHint'),
    port: port === undefined ? undefined : readCount(port, '--port', { least: 0, most: 65_535 }),
    redirectPath,
    browser: flags['browser'] !== false,
    waitMs,
    store: flags['store'] !== false,
  };
}

/** Signs in in a browser and exchanges the code. @throws {GsacError} exits 2 to 5 and 130. */
export async function runLogin(
  options: LoginOptions,
  services: Services,
): Promise<Outcome<ExchangeResult>> {
  const resolved = await resolveClient(services);
  if (options.store) {
    // A store that cannot take the token is better told before a person has signed in than after.
    const store = await services.store(services.globals.store ?? 'keychain');
    await store.proveWritable();
  }
  const result = await signInWithBrowser(services, resolved, options, async (code) => {
    const exchanged = await exchangeCode(services, resolved, {
      pasted: code.code,
      source,
      redirectUri: code.redirectUri,
      codeVerifier: code.codeVerifier,
      store: options.store,
      replay: false,
      requestedScopes: options.scopes,
    });
    return {
      result: toExchangeResult(services, resolved.endpoints.token, exchanged, {
        source,
        expectedScopes: options.scopes,
      }),
      landing: toLanding(exchanged),
    };
  });
  return { result };
}

/** What the person reads in the browser. */
function toLanding({ account, status }: Exchanged): Landing {
  const kept: Record<Exchanged['status'], string> = {
    stored: `gsac has stored the refresh token in ${storeNames[account.store]}.`,
    kept_previous: 'Google gave no refresh token; gsac kept the one that it had.',
    absent: 'Google gave no refresh token; the terminal says why.',
    not_stored: 'gsac keeps nothing of it, as it was told (--no-store).',
  };
  return {
    title: account.email === null ? 'Signed in' : `Signed in as ${account.email}`,
    sentences: [kept[status], 'You can close this page and go back to the terminal.'],
  };
}
