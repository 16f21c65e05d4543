import { Command, Option } from 'commander';
import type { Warning } from '../accounts/book.js';
import {
  type Exchanged,
  exchangeCode,
  findWarnings,
  type KeptGrant,
} from '../accounts/exchange.js';
import { resolveClient } from '../cli/client.js';
import { collect } from '../cli/flags.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import { type AccountReference, storeNames, toAccountReference } from '../core/account.js';
import { type CodeSource, codeSources } from '../core/auth-code.js';
import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import type { Check, Verdict } from '../core/id-token.js';
import { parseScopes } from '../core/scopes.js';
import { maskSecret } from '../core/secret.js';
import { isoTime, relativeTime } from '../core/times.js';
import { clean } from '../terminal/clean.js';
import { renderChecks, renderPairs, renderVerdict } from '../terminal/layout.js';

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

/** The JSON document of `gsac exchange`. Times are ISO 8601, UTC. */
export interface ExchangeResult {
  account: AccountReference;
  scopes: string[];
  access_token: { value: string; expires_at: string };
  refresh_token: {
    status: KeptGrant['status'];
    store: string | null;
    expires_at: string | null;
    value?: string;
  };
  id_token: { verdict: Verdict; checks: Check[]; claims: Record<string, unknown> } | null;
  sent: { token_uri: string; redirect_uri: string; code_changes: string[] };
  warnings: Warning[];
}

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
    .argument('[code]', 'the code, or - for stdin; asked for where it is missing')
    .addOption(
      new Option('--source <source>', 'where the code comes from; decides on redirect_uri')
        .choices(codeSources)
        .default('ios'),
    )
    .option('--redirect-uri <uri>', 'the redirect URI that the code was issued for')
    .option('--code-verifier <verifier>', 'the PKCE verifier of the authorization request')
    .option('--expect-scope <scope>', 'warn where it was not granted; repeatable', collect)
    .option('--no-store', 'keep nothing')
    .option('--replay', 'send a code again that this machine has exchanged before')
    .addHelpText('after', '\nExample:\n  $ pbpaste | gsac exchange - --client client_secret.json')
    .action((code: string | undefined, _options, command: Command) =>
      runtime.run(
        command,
        (provided) => run(readOptions(code, command.opts()), provided),
        renderExchange,
      ),
    );
}

function readOptions(code: string | undefined, flags: Record<string, unknown>): ExchangeOptions {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const source = codeSources.find((known) => known === flags['source']) ?? 'ios';
  const redirectUri = text('redirectUri');
  if (source === 'web-redirect' && redirectUri === undefined) {
    throw new GsacError('redirect_uri_required', '--source web-redirect needs --redirect-uri.', {
      hint: 'Give the URI of the authorization request, letter for letter.',
    });
  }
  const codeVerifier = text('codeVerifier');
  if (codeVerifier !== undefined && !/^[\w.~-]{43,128}$/.test(codeVerifier)) {
    throw new GsacError('usage', '--code-verifier is not a PKCE verifier.', {
      hint: 'It has 43 to 128 letters, digits and - . _ ~ (RFC 7636, 4.1).',
    });
  }
  const expected = flags['expectScope'];
  return {
    code,
    source,
    redirectUri,
    codeVerifier,
    store: flags['store'] !== false,
    replay: flags['replay'] === true,
    expectedScopes: Array.isArray(expected) ? parseScopes(expected.join(' ')) : [],
  };
}

/** Exchanges a code. @throws {GsacError} exits 2 to 5. */
export async function runExchange(
  options: ExchangeOptions,
  work: Provided,
): Promise<Outcome<ExchangeResult>> {
  const resolved = await resolveClient(work.context);
  const { source, redirectUri, codeVerifier, store, replay, expectedScopes } = options;
  const exchanged = await exchangeCode(work, resolved, {
    pasted: await readCode(options.code, work.context),
    source,
    redirectUri,
    codeVerifier,
    store,
    replay,
    requestedScopes: expectedScopes,
  });
  return { result: toExchangeResult(work, resolved.endpoints.token, exchanged, options) };
}

async function readCode(code: string | undefined, context: Context): Promise<string> {
  // A pipe's last line end is nobody's mistake, so it is not told as a change.
  if (code === '-') return (await context.readStdin(maxInputBytes)).replace(/\r?\n$/, '');
  if (code !== undefined) return code;
  if (context.prompts.possible) return context.prompts.secret('Server auth code:');
  throw new GsacError('input_required', 'No code was given.', {
    hint: 'Give the code as argument, or - to read it from standard input.',
  });
}

/** The JSON document of an exchange. */
export function toExchangeResult(
  { context }: Pick<Provided, 'context'>,
  tokenUri: string,
  exchanged: Exchanged,
  { source, expectedScopes }: Pick<ExchangeOptions, 'source' | 'expectedScopes'>,
): ExchangeResult {
  const { account, tokens, accessToken, idToken, code, redirectUri } = exchanged;
  return {
    account: toAccountReference(account),
    scopes: account.scopes,
    access_token: {
      value: context.globals.showSecrets ? accessToken : maskSecret(accessToken),
      expires_at: isoTime(tokens.expiresAt),
    },
    refresh_token: toRefreshTokenDocument(context, exchanged),
    id_token: idToken,
    sent: { token_uri: tokenUri, redirect_uri: redirectUri, code_changes: code.changes },
    warnings: findWarnings(exchanged, source, expectedScopes),
  };
}

function toRefreshTokenDocument(
  { globals }: Context,
  { account, status, tokens }: Exchanged,
): ExchangeResult['refresh_token'] {
  const inStore = status === 'stored' || status === 'kept_previous';
  return {
    status,
    store: inStore ? account.store : null,
    expires_at: inStore
      ? isoTime(account.refreshTokenExpiresAt)
      : isoTime(tokens.refreshTokenExpiresAt ?? null),
    ...(status === 'not_stored' && globals.showSecrets && tokens.refreshToken !== undefined
      ? { value: tokens.refreshToken }
      : {}),
  };
}

/** What people read after an exchange. */
export function renderExchange(result: ExchangeResult, { style, now }: RenderContext): string {
  const paint = style();
  const { account, refresh_token: refreshToken, id_token: idToken, sent } = result;
  const until = (time: string) => relativeTime(Date.parse(time), now);
  const end = refreshToken.expires_at === null ? '' : `, ends ${until(refreshToken.expires_at)}`;
  const statuses: Record<ExchangeResult['refresh_token']['status'], string> = {
    stored: `${paint.good('stored')} in ${storeName(refreshToken.store)}${end}`,
    kept_previous: `${paint.notice('none came')}; the one in ${storeName(refreshToken.store)} was kept${end}`,
    absent: paint.bad('none came'),
    not_stored: `came, not stored (--no-store)${refreshToken.value === undefined ? '' : ` ${refreshToken.value}`}`,
  };
  const pairs: [string, string][] = [
    ['account', clean(account.email ?? account.key)],
    ['sub', clean(account.sub ?? 'unknown')],
    ['scopes', result.scopes.map(clean).join(`\n${' '.repeat(15)}`)],
    [
      'access token',
      `${clean(result.access_token.value)}, ends ${until(result.access_token.expires_at)}`,
    ],
    ['refresh token', statuses[refreshToken.status]],
    ['ID token', idToken === null ? 'none' : renderVerdict(idToken.verdict, paint)],
  ];
  const changes = sent.code_changes;
  if (changes.length > 0) pairs.push(['code', changes.join(', ')]);
  const failed = idToken === null ? [] : idToken.checks.filter(({ ok }) => ok === false);
  const warnings = result.warnings.map(
    ({ message, hint }) =>
      `\n${paint.notice('warning:')} ${clean(message)}\n${paint.notice('hint:')} ${clean(hint)}\n`,
  );
  return renderPairs(pairs, paint) + renderChecks(failed, paint) + warnings.join('');
}

function storeName(kind: string | null): string {
  return kind === 'keychain' || kind === 'file' || kind === 'env' ? storeNames[kind] : 'no store';
}
