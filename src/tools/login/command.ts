import { Command } from 'commander';
import { proveWritable } from '../../accounts/accounts.js';
import { type Exchanged, exchangeCode } from '../../accounts/exchange.js';
import {
  addBrowserOptions,
  type BrowserSignIn,
  type Landing,
  readBrowserSignIn,
} from '../../cli/browser-options.js';
import { resolveClient } from '../../cli/client.js';
import type { Outcome, Provided, Runtime } from '../../cli/runtime.js';
import { type ExchangeResult, renderExchange, toExchangeResult } from '../../commands/exchange.js';
import { storeNames } from '../../core/account.js';

/** The flags of `gsac login`. */
export interface LoginOptions extends BrowserSignIn {
  store: boolean;
}

const source = 'web-redirect';

/** Declares `gsac login`. */
export function loginCommand(runtime: Runtime, run = runLogin): Command {
  const command = new Command('login')
    .summary('sign in with a browser, and keep the tokens')
    .description(
      'Sign in with a browser on this machine instead of a phone: authorization code flow with PKCE ' +
        'on a loopback port. The result is the same as that of gsac exchange. A client of type "Web ' +
        'application" accepts only registered redirect URIs: gsac uses the first http one on this ' +
        'machine that the client file lists, or the one that --port and --redirect-path name.',
    );
  return addBrowserOptions(command)
    .option('--no-store', 'do not store the tokens')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac login --client client_secret.json\n  $ gsac login --scope "openid email" --scope drive.file \\\n      --login-hint tester@example.com\n  $ gsac login --no-browser   # over SSH',
    )
    .action(() =>
      runtime.run(
        command,
        (provided) => run(readOptions(command.opts()), provided),
        renderExchange,
      ),
    );
}

function readOptions(flags: Record<string, unknown>): LoginOptions {
  return { ...readBrowserSignIn(flags), store: flags['store'] !== false };
}

/** Signs in with a browser and exchanges the code. @throws {GsacError} exits 2 to 5 and 130. */
export async function runLogin(
  options: LoginOptions,
  provided: Provided,
): Promise<Outcome<ExchangeResult>> {
  const resolved = await resolveClient(provided.context);
  if (options.store) await proveWritable(provided);
  const { signInWithBrowser } = await import('./sign-in.js');
  const result = await signInWithBrowser(provided, resolved, options, async (code) => {
    const exchanged = await exchangeCode(provided, resolved, {
      pasted: code.code,
      source,
      redirectUri: code.redirectUri,
      codeVerifier: code.codeVerifier,
      store: options.store,
      replay: false,
      requestedScopes: options.scopes,
    });
    return {
      result: toExchangeResult(provided, resolved.endpoints.token, exchanged, {
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
    kept_previous: 'Google sent no refresh token; gsac kept the one that it had.',
    absent: 'Google sent no refresh token; the terminal shows why.',
    not_stored: 'gsac stored nothing, because of --no-store.',
  };
  return {
    title: account.email === null ? 'Signed in' : `Signed in as ${account.email}`,
    sentences: [kept[status], 'You can close this page and go back to the terminal.'],
  };
}
