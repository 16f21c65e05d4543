import { Command, Option } from 'commander';
import { collect } from '../cli/collect.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import { type AccountRecord, type Credential, toAccountKey } from '../core/account.js';
import { parseAuthCode } from '../core/auth-code.js';
import { fingerprintOf } from '../core/authorized-user.js';
import type { ClientConfig } from '../core/client-config.js';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { type Check, decodeIdToken, identityOf, type Verdict } from '../core/id-token.js';
import type { CodeGrant, CodeGrantAnswer, CredentialStore } from '../core/ports.js';
import { missingScopes, parseScopes } from '../core/scopes.js';
import { maskSecret } from '../core/secret.js';
import type { Services } from '../core/services.js';
import type { TokenSet } from '../core/token-answer.js';
import { cacheSession } from '../flows/access-token.js';
import { resolveClient } from '../flows/client.js';
import { checkIdToken } from '../flows/id-token-check.js';
import { keepCredential } from '../flows/keep-credential.js';
import { describeAccount, storeNames } from '../flows/open-account.js';
import { clean } from '../terminal/clean.js';
import { renderPairs } from '../terminal/pairs.js';
import { isoTime, relativeTime } from '../terminal/times.js';
import { renderChecks, renderVerdict } from '../terminal/verdict.js';

/** Where a code comes from, which decides on the redirect URI that it is bound to. */
export type CodeSource = 'ios' | 'android' | 'web-popup' | 'web-redirect';

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

/** A thing worth a person's attention in a result. */
export interface Warning {
  code: string;
  message: string;
  hint: string;
}

/** The JSON document of `gsac exchange`. Times are ISO 8601, UTC. */
export interface ExchangeResult {
  account: { key: string; sub: string | null; email: string | null; client_id: string };
  scopes: string[];
  access_token: { value: string; expires_at: string };
  refresh_token: {
    status: 'stored' | 'absent' | 'kept_previous' | 'not_stored';
    store: string | null;
    expires_at: string | null;
    value?: string;
  };
  id_token: { verdict: Verdict; checks: Check[]; claims: Record<string, unknown> } | null;
  sent: { token_uri: string; redirect_uri: string; code_changes: string[] };
  warnings: Warning[];
}

const redirectUris: Readonly<Record<CodeSource, string | undefined>> = {
  ios: '',
  android: '',
  'web-popup': 'postmessage',
  'web-redirect': undefined,
};

/** How a refresh token is had on each platform, once consent was given before. */
const forceRefreshToken: Readonly<Record<CodeSource, string>> = {
  ios: 'On iOS call GIDSignIn.sharedInstance.disconnect(), then sign in interactively and exchange the new code.',
  android:
    'On Android ask for the code with forceCodeForRefreshToken = true (requestOfflineAccess(clientId, true)), sign in and exchange the new code.',
  'web-popup':
    'On the web ask with access_type=offline and prompt=consent, then exchange the new code.',
  'web-redirect':
    'On the web ask with access_type=offline and prompt=consent, then exchange the new code.',
};

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
        .choices(Object.keys(redirectUris))
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
        (services) => run(readOptions(code, command.opts()), services),
        renderExchange,
      ),
    );
}

function readOptions(code: string | undefined, flags: Record<string, unknown>): ExchangeOptions {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const source = Object.keys(redirectUris).find((known) => known === flags['source']);
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
    source: (source ?? 'ios') as CodeSource,
    redirectUri,
    codeVerifier,
    store: flags['store'] !== false,
    replay: flags['replay'] === true,
    expectedScopes: Array.isArray(expected) ? parseScopes(expected.join(' ')) : [],
  };
}

/**
 * Exchanges a code: cleans it, has the store prove that it can write, sends it once, stores the
 * refresh token and reads it back before anything else, then judges the ID token and caches the
 * session.
 *
 * @throws {GsacError} exit 2 before anything is sent, 3 and 4 for what came of it, 5 for the store.
 */
export async function runExchange(
  options: ExchangeOptions,
  services: Services,
): Promise<Outcome<ExchangeResult>> {
  const { client, endpoints } = await resolveClient(services);
  const { circumstances } = services;
  circumstances.stage = 'code-input';
  circumstances.code = await readCode(options.code, services);
  const authCode = parseAuthCode(circumstances.code);
  const redirectUri = options.redirectUri ?? redirectUris[options.source] ?? '';
  // From here on the code is clean: what was pasted explains nothing any more.
  Object.assign(circumstances, {
    stage: 'exchange',
    code: undefined,
    source: options.source,
    redirectUri,
    clientType: client.type ?? undefined,
    requestedScopes: options.expectedScopes,
  });
  const store = options.store
    ? await services.store(services.globals.store ?? 'keychain')
    : undefined;
  if (store !== undefined) {
    await store.proveWritable();
    await (await services.accounts()).proveWritable();
  }
  const answer = await sendOnce(services, client, authCode.code, options, {
    endpoints,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    code: authCode.code,
    redirectUri,
    codeVerifier: options.codeVerifier,
  });
  const kept = await keep(services, store, client, answer);
  const accessToken = requireAccessToken(answer, kept);
  const idToken = await judge(services, answer.tokens, client, endpoints, accessToken);
  return {
    result: {
      account: toAccountDocument(kept.account),
      scopes: kept.account.scopes,
      access_token: {
        value: services.globals.showSecrets ? accessToken : maskSecret(accessToken),
        expires_at: isoTime(answer.tokens.expiresAt),
      },
      refresh_token: toRefreshTokenDocument(services, answer.tokens, kept),
      id_token: idToken,
      sent: {
        token_uri: endpoints.token,
        redirect_uri: redirectUri,
        code_changes: authCode.changes,
      },
      warnings: findWarnings(options, answer.tokens, kept, idToken?.verdict),
    },
  };
}

/**
 * Sends a code, unless this machine exchanged it before: a second time it could only be refused,
 * and a server may take back the tokens of the first (RFC 6749, 4.1.2).
 */
async function sendOnce(
  services: Services,
  client: ClientConfig,
  code: string,
  options: ExchangeOptions,
  grant: CodeGrant,
): Promise<CodeGrantAnswer> {
  const ledger = await services.codeLedger();
  const now = services.now();
  const seen = await ledger.find(code, client.clientId);
  if (seen !== undefined) {
    const secondsAgo = Math.max(0, (now - seen.at) / 1000);
    services.circumstances.codeSeen = { outcome: seen.outcome, secondsAgo };
    if (seen.outcome === 'exchanged' && !options.replay) throw alreadyExchanged(seen.at, now);
  }
  const note = (outcome: 'exchanged' | 'unknown' | undefined) =>
    options.store
      ? ledger.note(code, client.clientId, outcome && { outcome, at: now })
      : Promise.resolve();
  await note('unknown');
  try {
    const answer = await (await services.tokenEndpoint()).exchangeCode(grant);
    await note('exchanged');
    return answer;
  } catch (thrown) {
    const sent = !(thrown instanceof GsacError) || thrown.details['code_sent'] !== false;
    const refused = thrown instanceof GsacError && thrown.exitCode === 4;
    if (seen === undefined && (refused || !sent)) await note(undefined);
    throw thrown;
  }
}

function alreadyExchanged(at: number, now: number): GsacError {
  return new GsacError(
    'invalid_grant',
    `This machine exchanged this code ${now - at < 1000 ? 'just now' : relativeTime(at, now)}; nothing was sent.`,
    {
      hint: 'A code works once. Sign in again for a new one, or use the account that it gave: `gsac accounts`.',
      details: { exchanged_at: isoTime(at), code_sent: false },
    },
  );
}

async function readCode(code: string | undefined, services: Services): Promise<string> {
  // A pipe's last line end is nobody's mistake, so it is not told as a change.
  if (code === '-') return (await services.readStdin(maxInputBytes)).replace(/\r?\n$/, '');
  if (code !== undefined) return code;
  if (services.prompts.possible) return services.prompts.secret('Server auth code:');
  throw new GsacError('input_required', 'No code was given.', {
    hint: 'Give the code as argument, or - to read it from standard input.',
  });
}

/** What became of the refresh token. */
interface Kept {
  account: AccountRecord;
  status: ExchangeResult['refresh_token']['status'];
}

async function keep(
  services: Services,
  store: CredentialStore | undefined,
  client: ClientConfig,
  { tokens }: CodeGrantAnswer,
): Promise<Kept> {
  const { sub, email } = identityOf(tokens.idToken);
  const { refreshToken, accessToken } = tokens;
  const fingerprint = fingerprintOf(refreshToken ?? accessToken ?? '');
  const key = toAccountKey(client.clientId, sub, fingerprint);
  const now = services.now();
  const account: AccountRecord = {
    key,
    sub,
    email,
    clientId: client.clientId,
    scopes: tokens.scopes ?? [],
    store: store?.kind ?? 'keychain',
    issuedAt: now,
    lastUsedAt: null,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt ?? null,
  };
  // An answer without any token names nobody, so there is no account to remember.
  const empty = refreshToken === undefined && accessToken === undefined;
  if (store === undefined || empty) {
    return { account, status: refreshToken === undefined ? 'absent' : 'not_stored' };
  }
  if (refreshToken === undefined) return keepWithout(services, store, client, account, tokens);
  const credential = toCredential(services, client, refreshToken);
  await keepCredential(services, store, account, credential);
  if (accessToken !== undefined) {
    await cacheSession(services, { account, credential }, toSession(services, account, tokens));
  }
  return { account, status: 'stored' };
}

/** An answer without refresh token never touches the one that is stored. */
async function keepWithout(
  services: Services,
  store: CredentialStore,
  client: ClientConfig,
  fresh: AccountRecord,
  tokens: TokenSet,
): Promise<Kept> {
  const index = await services.accounts();
  const known = await index.get(fresh.key).catch(() => undefined);
  const previousStore = known === undefined ? store : await services.store(known.store);
  const previous = await previousStore.read(fresh.key);
  const credential = previous ?? toCredential(services, client, undefined);
  const account =
    known === undefined || previous === undefined
      ? fresh
      : { ...known, scopes: fresh.scopes, email: fresh.email ?? known.email };
  if (previous === undefined) await keepCredential(services, store, account, credential);
  else await index.put(account);
  await cacheSession(services, { account, credential }, toSession(services, account, tokens));
  return { account, status: previous?.refreshToken === undefined ? 'absent' : 'kept_previous' };
}

function toCredential(
  services: Services,
  client: ClientConfig,
  refreshToken: string | undefined,
): Credential {
  const { clientId, clientSecret, tokenUri } = client;
  return {
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    tokenUri,
    sessionKey: services.newSessionKey(),
  };
}

function toSession(services: Services, account: AccountRecord, tokens: TokenSet) {
  return {
    accessToken: tokens.accessToken ?? '',
    tokenType: tokens.tokenType,
    expiresAt: tokens.accessToken === undefined ? 0 : tokens.expiresAt,
    scopes: account.scopes,
    ...(tokens.idToken === undefined ? {} : { idToken: tokens.idToken }),
    obtainedAt: services.now(),
  };
}

function requireAccessToken({ tokens, damaged }: CodeGrantAnswer, kept: Kept): string {
  if (tokens.accessToken !== undefined && !damaged) return tokens.accessToken;
  const saved = kept.status === 'stored';
  throw new GsacError(
    'answer_unreadable',
    damaged
      ? 'The answer was cut off.'
      : `The answer has no access token (${tokens.oddities.join(', ')}).`,
    {
      hint: saved
        ? `The refresh token in it is stored as ${describeAccount(kept.account)}: run \`gsac refresh\`. The code is spent.`
        : 'The code was sent once and is spent: sign in again for a new one.',
      details: { code_sent: true, refresh_token_stored: saved, account: kept.account.key },
    },
  );
}

async function judge(
  services: Services,
  tokens: TokenSet,
  client: ClientConfig,
  endpoints: Endpoints,
  accessToken: string,
): Promise<ExchangeResult['id_token']> {
  if (tokens.idToken === undefined) return null;
  try {
    const token = decodeIdToken(tokens.idToken);
    const judged = await checkIdToken(services, token, endpoints, {
      audiences: [client.clientId],
      accessToken,
      keysRequired: false,
    });
    return { ...judged, claims: token.claims };
  } catch (thrown) {
    if (!(thrown instanceof GsacError) || thrown.code !== 'id_token_malformed') throw thrown;
    const checks = [{ name: 'format', ok: false, detail: thrown.message }];
    return { verdict: 'invalid', checks, claims: {} };
  }
}

function toAccountDocument({ key, sub, email, clientId }: AccountRecord) {
  return { key, sub, email, client_id: clientId };
}

function toRefreshTokenDocument(
  services: Services,
  tokens: TokenSet,
  { account, status }: Kept,
): ExchangeResult['refresh_token'] {
  const inStore = status === 'stored' || status === 'kept_previous';
  return {
    status,
    store: inStore ? account.store : null,
    expires_at: inStore
      ? isoTime(account.refreshTokenExpiresAt)
      : isoTime(tokens.refreshTokenExpiresAt ?? null),
    ...(status === 'not_stored' && services.globals.showSecrets && tokens.refreshToken !== undefined
      ? { value: tokens.refreshToken }
      : {}),
  };
}

function findWarnings(
  options: ExchangeOptions,
  tokens: TokenSet,
  { status }: Kept,
  verdict: Verdict | undefined,
): Warning[] {
  const warnings: Warning[] = [];
  if (tokens.refreshToken === undefined) {
    warnings.push({
      code: status === 'kept_previous' ? 'refresh_token_kept' : 'refresh_token_absent',
      message:
        status === 'kept_previous'
          ? 'Google gave no refresh token, since this person had consented before; the stored one was kept.'
          : 'Google gave no refresh token: this person had consented before, or offline access was not asked for.',
      hint: forceRefreshToken[options.source],
    });
  }
  // An answer that names no scopes grants those asked for (RFC 6749, 5.1).
  const missing =
    tokens.scopes === undefined ? [] : missingScopes(options.expectedScopes, tokens.scopes);
  if (missing.length > 0) {
    warnings.push({
      code: 'scope_missing',
      message: `Not granted: ${missing.join(', ')}.`,
      hint: 'The box was left unticked on the consent page, or the app did not ask for it.',
    });
  }
  if (verdict === undefined) {
    warnings.push({
      code: 'id_token_absent',
      message: 'No ID token came, so the account has no name.',
      hint: 'Ask for the scopes openid and email.',
    });
  } else if (verdict !== 'valid') {
    warnings.push({
      code: `id_token_${verdict}`,
      message: `The ID token is ${verdict}.`,
      hint: 'See its checks above, or run `gsac claims`.',
    });
  }
  if (tokens.oddities.length > 0) {
    warnings.push({
      code: 'answer_odd',
      message: `The answer is not as documented: ${tokens.oddities.join(', ')}.`,
      hint: 'See it with --trace on the next exchange.',
    });
  }
  return warnings;
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
