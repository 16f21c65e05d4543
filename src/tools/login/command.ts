import { Command } from 'commander';
import { proveWritable } from '../../accounts/accounts.js';
import { type Exchanged, exchangeCode, keepDeviceTokens } from '../../accounts/exchange.js';
import {
  addBrowserOptions,
  type BrowserSignIn,
  type Landing,
  readBrowserSignIn,
} from '../../cli/browser-options.js';
import { resolveClient } from '../../cli/client.js';
import type { Outcome, Provided, Runtime } from '../../cli/runtime.js';
import { type ExchangeResult, renderExchange, toExchangeResult } from '../../commands/exchange.js';
import { nameStore } from '../../core/account.js';
import { GsacError } from '../../core/errors.js';

/** The flags of `gsac login`. */
export interface LoginOptions extends BrowserSignIn {
  /** Whether the person signs in on another device, with a code that they type there. */
  device: boolean;
  store: boolean;
}

const source = 'web-redirect';
/** Those that Google allows on devices and that every app may have. */
const deviceScopes = ['openid', 'email', 'profile'];

/** Declares `gsac login`. */
export function loginCommand(runtime: Runtime, run = runLogin): Command {
  const command = new Command('login')
    .summary('sign in with a browser, and keep the tokens')
    .description(
      'Sign in with a browser on this machine instead of a phone: authorization code flow with PKCE ' +
        'on a loopback port. The result is the same as that of gsac exchange. A client of type "Web ' +
        'application" accepts only registered redirect URIs: gsac uses the first http one on this ' +
        'machine that the client file lists, or the one that --port and --redirect-path name. With ' +
        '--device, sign in on any other device: it needs a client of type "TVs and Limited Input ' +
        'devices", and Google allows only a few scopes there.',
    );
  return addBrowserOptions(command)
    .option(
      '--device',
      `print a code to enter on any other device (default scopes: ${deviceScopes.join(' ')})`,
    )
    .option('--no-store', 'do not store the tokens')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac login --client client_secret.json\n  $ gsac login --scope "openid email" --scope drive.file \\\n      --login-hint tester@example.com\n  $ gsac login --no-browser   # over SSH\n  $ gsac login --device --client client_secret_tv.json',
    )
    .action(() =>
      runtime.run(command, (provided) => run(readOptions(command), provided), renderExchange),
    );
}

function readOptions(command: Command): LoginOptions {
  const flags = command.opts();
  const device = flags['device'] === true;
  const browserOnly = ['includeGrantedScopes', 'loginHint', 'port', 'redirectPath', 'browser'];
  const other = browserOnly.find((name) => command.getOptionValueSource(name) === 'cli');
  if (device && other !== undefined) {
    const flag = command.options.find((option) => option.attributeName() === other)?.long;
    throw new GsacError('usage', `${flag} does not go with --device.`, {
      hint: 'On another device, gsac opens no browser and waits on no port.',
    });
  }
  const wish = readBrowserSignIn(flags);
  const scopes = device && flags['scope'] === undefined ? deviceScopes : wish.scopes;
  return { ...wish, scopes, device, store: flags['store'] !== false };
}

/** Signs in with a browser and exchanges the code, or signs in on another device. @throws {GsacError} exits 2 to 5 and 130. */
export async function runLogin(
  options: LoginOptions,
  provided: Provided,
): Promise<Outcome<ExchangeResult>> {
  const resolved = await resolveClient(provided.context);
  const store = options.store ? await proveWritable(provided) : undefined;
  const toResult = (exchanged: Exchanged) =>
    toExchangeResult(provided, resolved.endpoints.token, exchanged, {
      source,
      expectedScopes: options.scopes,
    });
  if (options.device) {
    const { signInOnDevice } = await import('./device-sign-in.js');
    const answer = await signInOnDevice(provided, resolved, options);
    return { result: toResult(await keepDeviceTokens(provided, resolved, answer, store)) };
  }
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
    return { result: toResult(exchanged), landing: toLanding(exchanged) };
  });
  return { result };
}

/** What the person reads in the browser. */
function toLanding({ account, status }: Exchanged): Landing {
  const kept: Record<Exchanged['status'], string> = {
    stored: `gsac has stored the refresh token in ${nameStore(account.store)}.`,
    kept_previous: 'Google sent no refresh token; gsac kept the one that it had.',
    absent: 'Google sent no refresh token; the terminal shows why.',
    not_stored: 'gsac stored nothing, because of --no-store.',
  };
  return {
    title: account.email === null ? 'Signed in' : `Signed in as ${account.email}`,
    sentences: [kept[status], 'You can close this page and go back to the terminal.'],
  };
}
