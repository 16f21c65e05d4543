import { randomInt } from 'node:crypto';
import type { BrowserCode, BrowserSignIn, Landing } from '../../cli/browser-options.js';
import type { Provided } from '../../cli/runtime.js';
import type { ResolvedClient } from '../../core/client-config.js';
import type { Context } from '../../core/context.js';
import { type ErrorCode, GsacError } from '../../core/errors.js';
import { type AuthorizationRequest, createAuthorizationRequest } from './authorization-request.js';
import { openBrowser } from './open-browser.js';
import { type RedirectAnswer, readPastedRedirect } from './redirect-answer.js';
import { listenForRedirect } from './redirect-listener.js';
import { chooseRedirect } from './redirect-target.js';

/** Longest address that is taken from standard input, in bytes. */
const maxPastedBytes = 16_384;
const attempts = 3;

/**
 * Has a person sign in in a browser and hands the code to `use`; the page that the browser ends on
 * says what came of it.
 *
 * @throws {GsacError} exit 2 for ports and addresses, 3 where nobody came, 4 where Google or the
 *   person said no, 130; and whatever `use` throws.
 */
export async function signInWithBrowser<T>(
  { context, system }: Pick<Provided, 'context' | 'system'>,
  resolved: ResolvedClient,
  wish: BrowserSignIn,
  use: (code: BrowserCode) => Promise<{ result: T; landing: Landing }>,
): Promise<T> {
  const { target, registered, doubtful } = chooseRedirect(
    resolved.client,
    wish.port,
    wish.redirectPath,
  );
  const ask = (redirectUri: string) => {
    if (doubtful) {
      context.notices.warn(
        `${redirectUri} must be a registered redirect URI of this client, unless this is a desktop client.`,
        'If Google’s page says redirect_uri_mismatch, register it: Cloud console, Clients.',
      );
    }
    return createAuthorizationRequest(resolved, redirectUri, wish);
  };

  if (!wish.browser) {
    // Most likely nobody listens there: IANA leaves this range to whoever needs a port.
    const port = target.port || randomInt(49_152, 65_536);
    const redirectUri = registered ?? `http://${target.host}:${port}${target.path}`;
    const request = ask(redirectUri);
    const answer = await askForAddress(context, request);
    const { codeVerifier } = request;
    return (await use({ code: requireCode(answer), redirectUri, codeVerifier })).result;
  }

  const listener = await listenForRedirect(target, context.signal);
  let landing: Landing = failed;
  try {
    const redirectUri = registered ?? listener.redirectUri;
    const request = ask(redirectUri);
    const answering = listener.answer(request.state, wish.waitMs, () =>
      context.notices.warn(
        'gsac refused an answer that belongs to another sign-in, and is still waiting.',
      ),
    );
    // It may fail while the browser is being opened; it is awaited below.
    answering.catch(() => undefined);
    await showAddress(context, system, request, redirectUri);
    const answer = await answering;
    if ('error' in answer) landing = refusedLanding(answer.error);
    const { codeVerifier } = request;
    const used = await use({ code: requireCode(answer), redirectUri, codeVerifier });
    landing = used.landing;
    return used.result;
  } finally {
    await listener.close(landing);
  }
}

async function showAddress(
  { notices, globals }: Context,
  system: Provided['system'],
  { url }: AuthorizationRequest,
  redirectUri: string,
): Promise<void> {
  const opened = await openBrowser(url, system);
  if (opened) {
    notices.say('Opening a browser for the sign-in. If none appears, open this address:');
  } else {
    notices.say('Open this address in a browser on this machine:');
  }
  if (!opened || !(globals.json || globals.quiet)) notices.ask(url);
  if (!opened) notices.say('If the browser is on another machine, use --no-browser.');
  notices.say(`Waiting for the answer on ${redirectUri}. Press Ctrl-C to stop.`);
}

async function askForAddress(
  context: Context,
  request: AuthorizationRequest,
): Promise<RedirectAnswer> {
  const { notices, prompts } = context;
  notices.say('Open this address in any browser and sign in:');
  notices.ask(request.url);
  notices.say(
    'The browser will finally show a page that fails to load. Copy its full address and paste it here.',
  );
  if (!prompts.possible) {
    const pasted = context.stdinIsTty ? '' : await context.readStdin(maxPastedBytes);
    if (pasted.trim() !== '') return readPastedRedirect(pasted, request);
    throw new GsacError('input_required', 'No address was given.', {
      hint: 'Run the command in a terminal, or pipe the address into it.',
    });
  }
  for (let attempt = 1; ; attempt += 1) {
    const pasted = await prompts.secret('Address of that page:');
    try {
      return readPastedRedirect(pasted, request);
    } catch (thrown) {
      if (!(thrown instanceof GsacError) || attempt === attempts) throw thrown;
      notices.warn(thrown.message, thrown.hint);
    }
  }
}

/** The errors of the authorization page that have a name and a sentence of their own. */
const refusals: Readonly<Record<string, { code: ErrorCode; what: string; hint: string }>> = {
  access_denied: {
    code: 'access_denied',
    what: 'The person did not agree, or is not allowed to use this app.',
    hint: 'Sign in again and choose Continue. While an app is in testing, only its test users can sign in (Cloud console, Audience).',
  },
  admin_policy_enforced: {
    code: 'admin_policy_enforced',
    what: 'The organisation’s administrator does not allow these scopes for this app.',
    hint: 'The administrator can mark the app as trusted: Admin console, Security, API controls.',
  },
  invalid_scope: {
    code: 'invalid_scope',
    what: 'Google does not know one of the scopes.',
    hint: 'Check the spelling of --scope.',
  },
};

function requireCode(answer: RedirectAnswer): string {
  if ('code' in answer) return answer.code;
  throw toRefusal(answer.error, answer.description);
}

/** The error of a person, or of Google, who said no. */
export function toRefusal(error: string, description: string | undefined): GsacError {
  const { code, what, hint } = (Object.hasOwn(refusals, error) ? refusals[error] : undefined) ?? {
    code: 'request_refused' as const,
    what: `The sign-in page answered with ${error}.`,
    hint: `Try \`gsac explain ${error}\`.`,
  };
  const details = { google: { error, error_description: description } };
  return new GsacError(code, what, { hint, details });
}

const failed: Landing = {
  title: 'The sign-in did not work',
  sentences: ['The terminal shows why, and what to do next.', 'You can close this page.'],
};

function refusedLanding(error: string): Landing {
  if (error !== 'access_denied') return failed;
  return {
    title: 'Access was not granted',
    sentences: [
      'gsac got no code, so nothing has changed.',
      'You can close this page. To try again, run the same command again.',
    ],
  };
}
