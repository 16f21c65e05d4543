import { Command, Option } from 'commander';
import { type Exchanged, exchangeCode, findWarnings } from '../accounts/exchange.js';
import { resolveClient } from '../cli/client.js';
import { collect } from '../cli/flags.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import { nameStore, toAccountReference } from '../core/account.js';
import { type CodeSource, codeSources } from '../core/auth-code.js';
import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import { parseScopes } from '../core/scopes.js';
import { maskSecret } from '../core/secret.js';
import { isoTime, relativeTime } from '../core/times.js';
import { clean } from '../terminal/clean.js';
import { renderChecks, renderPairs, renderVerdict, wrap } from '../terminal/layout.js';

/** The flags of `gsac exchange`. */
export interface ExchangeOptions {
  /** The code; `-` for stdin; undefined to be asked. */
  code: string | undefined;
  source: CodeSource;
  redirectUri: string | undefined;
  codeVerifier: string | undefined;
  store: boolean;
  /** Sends a code that this machine exchanged before all the same. */
  replay: boolean;
  expectedScopes: readonly string[];
}

/** The JSON document of `gsac exchange`. */
export type ExchangeResult = ReturnType<typeof toExchangeResult>;

/** Longest input that a code is looked for in, in bytes. */
const maxInputBytes = 65_536;

/** Declares `gsac exchange`. */
export function exchangeCommand(runtime: Runtime, run = runExchange): Command {
  return new Command('exchange')
    .summary('exchange a one-time code for tokens, and keep them')
    .description(
      'Exchange a one-time serverAuthCode for tokens. The refresh token goes into the store, the ' +
        'access token into an encrypted cache. The code is sent exactly once.',
    )
    .argument('[code]', 'the code, or - for stdin; if missing, gsac asks for it')
    .addOption(
      new Option('--source <source>', 'where the code comes from; sets redirect_uri')
        .choices(codeSources)
        .default('ios'),
    )
    .option('--redirect-uri <uri>', 'the redirect URI that the code was issued for')
    .option('--code-verifier <verifier>', 'the PKCE verifier of the authorization request')
    .option('--expect-scope <scope>', 'warn if it was not granted; repeatable', collect)
    .option('--no-store', 'keep nothing')
    .option('--replay', 'send a code again that this machine has exchanged before')
    .addHelpText('after', '\nExample:\n  $ pbpaste | gsac exchange - --client client_secret.json')
    .action((code: string | undefined, flags: ExchangeFlags, command: Command) =>
      runtime.run(command, (provided) => run(readOptions(code, flags), provided), renderExchange),
    );
}

/** The flags as commander gives them. */
interface ExchangeFlags extends Pick<ExchangeOptions, 'source' | 'store'> {
  redirectUri?: string;
  codeVerifier?: string;
  replay?: boolean;
  expectScope?: string[];
}

function readOptions(
  code: string | undefined,
  { source, redirectUri, codeVerifier, store, replay = false, expectScope = [] }: ExchangeFlags,
): ExchangeOptions {
  if (source === 'web-redirect' && redirectUri === undefined) {
    throw new GsacError('redirect_uri_required', '--source web-redirect needs --redirect-uri.', {
      hint: 'Give the URI of the authorization request, exactly as it was sent.',
    });
  }
  if (codeVerifier !== undefined && !/^[\w.~-]{43,128}$/.test(codeVerifier)) {
    throw new GsacError('usage', '--code-verifier is not a PKCE verifier.', {
      hint: 'It has 43 to 128 letters, digits and - . _ ~ (RFC 7636, 4.1).',
    });
  }
  const expectedScopes = parseScopes(expectScope.join(' '));
  return { code, source, redirectUri, codeVerifier, store, replay, expectedScopes };
}

/** Exchanges a code. @throws {GsacError} exits 2 to 5. */
export async function runExchange(
  options: ExchangeOptions,
  work: Provided,
): Promise<Outcome<ExchangeResult>> {
  const resolved = await resolveClient(work.context);
  const { code, expectedScopes, ...wish } = options;
  const pasted = await readCode(code, work.context);
  const request = { ...wish, pasted, requestedScopes: expectedScopes };
  const exchanged = await exchangeCode(work, resolved, request);
  return { result: toExchangeResult(work, resolved.endpoints.token, exchanged, options) };
}

async function readCode(code: string | undefined, context: Context): Promise<string> {
  // A pipe's last line end is nobody's mistake, so it is not told as a change.
  if (code === '-') return (await context.readStdin(maxInputBytes)).replace(/\r?\n$/, '');
  if (code !== undefined) return code;
  if (context.prompts.possible) return context.prompts.secret('Server auth code:');
  throw new GsacError('input_required', 'No code was given.', {
    hint: 'Pass the code as an argument, or - to read it from standard input.',
  });
}

/** The JSON document of an exchange. Times are ISO 8601, UTC. */
export function toExchangeResult(
  { context }: Pick<Provided, 'context'>,
  tokenUri: string,
  exchanged: Exchanged,
  { source, expectedScopes }: Pick<ExchangeOptions, 'source' | 'expectedScopes'>,
) {
  const { account, status, tokens, accessToken, idToken, code, redirectUri } = exchanged;
  const { showSecrets } = context.globals;
  const inStore = status === 'stored' || status === 'kept_previous';
  return {
    account: toAccountReference(account),
    scopes: account.scopes,
    access_token: {
      value: showSecrets ? accessToken : maskSecret(accessToken),
      expires_at: isoTime(tokens.expiresAt),
    },
    refresh_token: {
      status,
      store: inStore ? account.store : null,
      expires_at: isoTime((inStore ? account : tokens).refreshTokenExpiresAt ?? null),
      value: status === 'not_stored' && showSecrets ? tokens.refreshToken : undefined,
    },
    id_token: idToken,
    sent: { token_uri: tokenUri, redirect_uri: redirectUri, code_changes: code?.changes ?? [] },
    warnings: findWarnings(exchanged, source, expectedScopes),
  };
}

/** What people read after an exchange. */
export function renderExchange(
  result: ExchangeResult,
  { style, now, isTty }: RenderContext,
): string {
  const paint = style();
  const { account, access_token: accessToken, refresh_token: refreshToken, sent } = result;
  const { id_token: idToken } = result;
  const until = (time: string) => relativeTime(Date.parse(time), now);
  const end = refreshToken.expires_at === null ? '' : `, ends ${until(refreshToken.expires_at)}`;
  const store = refreshToken.store === null ? 'no store' : nameStore(refreshToken.store);
  const statuses: Record<Exchanged['status'], string> = {
    stored: `${paint.good('stored')} in ${store}${end}`,
    kept_previous: `${paint.notice('none received')}; the one in ${store} was kept${end}`,
    absent: paint.bad('none received'),
    not_stored: `received, not stored (--no-store)${refreshToken.value === undefined ? '' : ` ${refreshToken.value}`}`,
  };
  const pairs: [string, string][] = [
    ['account', clean(account.email ?? account.key)],
    ['sub', clean(account.sub ?? 'unknown')],
    ['scopes', result.scopes.map(clean).join('\n')],
    ['access token', `${clean(accessToken.value)}, ends ${until(accessToken.expires_at)}`],
    ['refresh token', statuses[refreshToken.status]],
    ['ID token', idToken === null ? 'none' : renderVerdict(idToken.verdict, paint)],
  ];
  const changes = sent.code_changes;
  if (changes.length > 0) pairs.push(['code', changes.join(', ')]);
  const failed = idToken === null ? [] : idToken.checks.filter(({ ok }) => ok === false);
  const within = (words: string, start: number) =>
    isTty() ? wrap(clean(words), paint.columns, ' '.repeat(start), start) : clean(words);
  const warnings = result.warnings.map(
    ({ message, hint }) =>
      `\n${paint.notice('warning:')} ${within(message, 9)}\n${paint.notice('hint:')} ${within(hint, 6)}\n`,
  );
  return (
    renderPairs(pairs, paint, isTty()) + renderChecks(failed, paint, isTty()) + warnings.join('')
  );
}
