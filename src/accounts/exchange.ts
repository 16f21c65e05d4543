import { type AccountRecord, describeAccount, toAccountKey } from '../core/account.js';
import { type AuthCode, type CodeSource, parseAuthCode, redirectUriOf } from '../core/auth-code.js';
import { fingerprintOf } from '../core/authorized-user.js';
import type { ClientConfig, ResolvedClient } from '../core/client-config.js';
import type { Case } from '../core/diagnosis.js';
import { GsacError, withFacts } from '../core/errors.js';
import { type Check, decodeIdToken, identityOf, type Verdict } from '../core/id-token.js';
import { missingScopes } from '../core/scopes.js';
import { isoTime, relativeTime } from '../core/times.js';
import { type TokenSet, toSession } from '../core/token-answer.js';
import type { CodeGrant, CodeGrantAnswer } from '../google/token.js';
import { type AccountWork, proveWritable } from './accounts.js';
import type { Warning } from './book.js';
import { signedIn } from './changes.js';
import { checkIdToken } from './id-token-check.js';

/** A code to be exchanged, as it was pasted or posted. */
export interface ExchangeRequest {
  pasted: string;
  source: CodeSource;
  /** Overrides the source's redirect URI. */
  redirectUri?: string | undefined;
  codeVerifier?: string | undefined;
  /** Whether anything is kept. */
  store: boolean;
  /** Whether a code that this machine exchanged before is sent all the same. */
  replay: boolean;
  /** Whether this machine remembers that it sent the code; as `store` where nothing is said. */
  remember?: boolean | undefined;
  /** The scopes that were asked for, as far as they are known. */
  requestedScopes?: readonly string[] | undefined;
}

/** What became of an answer's refresh token. */
export interface KeptGrant {
  account: AccountRecord;
  status: 'stored' | 'absent' | 'kept_previous' | 'not_stored';
  /** What the person should know of how it was kept. */
  warnings: Warning[];
}

/** What came of sending a code, before anybody has looked at its ID token. */
export interface Redeemed extends KeptGrant {
  tokens: TokenSet;
  accessToken: string;
  /** Null for a device, which has no code. */
  code: AuthCode | null;
  redirectUri: string | null;
}

/** What came of an exchange. */
export interface Exchanged extends Redeemed {
  /** Null where no ID token came. */
  idToken: { verdict: Verdict; checks: Check[]; claims: Record<string, unknown> } | null;
}

/**
 * Exchanges a code, see {@link redeemCode}, then judges the ID token that came.
 *
 * @throws {GsacError} exit 2 before anything is sent, 3 and 4 for what came of it, 5 for the store.
 */
export async function exchangeCode(
  work: AccountWork,
  resolved: ResolvedClient,
  request: ExchangeRequest,
): Promise<Exchanged> {
  const redeemed = await redeemCode(work, resolved, request);
  return { ...redeemed, idToken: await judge(work, resolved, redeemed) };
}

/**
 * Keeps the tokens that a device was given, then judges the ID token among them.
 *
 * @throws {GsacError} 3 if there is no access token in the answer, 5 for the store.
 */
export async function keepDeviceTokens(
  work: AccountWork,
  resolved: ResolvedClient,
  answer: CodeGrantAnswer,
  store: AccountRecord['store'] | undefined,
): Promise<Exchanged> {
  const { tokens } = answer;
  const kept = await keepGrant(work, store, resolved.client, tokens);
  const accessToken = requireAccessToken(answer, kept);
  const redeemed = { ...kept, tokens, accessToken, code: null, redirectUri: null };
  return { ...redeemed, idToken: await judge(work, resolved, redeemed) };
}

/** What an exchange is about, for the diagnosis of what it came to. */
export function exchangeFacts(client: ClientConfig, request: ExchangeRequest): Case {
  return {
    stage: 'exchange',
    source: request.source,
    redirectUri: redirectUriOf(request.source, request.redirectUri),
    clientType: client.type ?? undefined,
    requestedScopes: request.requestedScopes,
  };
}

/**
 * Sends a code: cleans it, has the store prove that it can write, sends it once, stores the refresh
 * token and reads it back before anything else, and caches the session. The ID token is not judged.
 *
 * @throws {GsacError} exit 2 before anything is sent, 3 and 4 for what came of it, 5 for the store.
 */
export async function redeemCode(
  work: AccountWork,
  { client, endpoints }: ResolvedClient,
  request: ExchangeRequest,
): Promise<Redeemed> {
  const pasted = (): Case => ({ stage: 'code-input', code: request.pasted });
  const code = await withFacts(pasted, async () => parseAuthCode(request.pasted));
  const redirectUri = redirectUriOf(request.source, request.redirectUri);
  return withFacts(
    () => exchangeFacts(client, request),
    async () => {
      const store = request.store ? await proveWritable(work) : undefined;
      const grant = {
        endpoints,
        clientId: client.clientId,
        clientSecret: client.clientSecret,
        code: code.code,
        redirectUri,
        codeVerifier: request.codeVerifier,
      };
      const { answer, kept } = await sendOnce(work, request, grant, ({ tokens }) =>
        keepGrant(work, store, client, tokens),
      );
      const accessToken = requireAccessToken(answer, kept);
      return { ...kept, tokens: answer.tokens, accessToken, code, redirectUri };
    },
  );
}

/**
 * Sends a code and keeps what it brought, unless this machine exchanged the code before: a second
 * time it could only be refused, and a server may take back the tokens of the first (RFC 6749,
 * 4.1.2).
 */
async function sendOnce(
  { context, accounts, google }: AccountWork,
  request: ExchangeRequest,
  grant: CodeGrant,
  keep: (answer: CodeGrantAnswer) => Promise<KeptGrant>,
): Promise<{ answer: CodeGrantAnswer; kept: KeptGrant }> {
  const ledger = await accounts.codeLedger();
  const { code, clientId } = grant;
  const now = context.now();
  // What is not remembered was made for this one exchange: no machine can have seen it.
  const seen = request.remember === false ? undefined : await ledger.find(code, clientId);
  const secondsAgo = Math.max(0, (now - (seen?.at ?? now)) / 1000);
  const facts = () => ({ codeSeen: seen && { ...seen, secondsAgo } });
  const note = async (outcome: 'exchanged' | 'unknown' | undefined) => {
    if (request.remember ?? request.store)
      await ledger.note(code, clientId, outcome && { outcome, at: now });
  };
  return withFacts(facts, async () => {
    if (seen?.outcome === 'exchanged' && !request.replay) throw alreadyExchanged(seen.at, now);
    // What is known of the code stays: sending it once more makes no exchanged code an unknown one,
    // and a refusal of the second sending is no lost answer of this moment.
    if (seen === undefined) await note('unknown');
    try {
      const answer = await (await google.token()).exchangeCode(grant);
      // Whatever becomes of the token: the code is spent, and a server that sees it again may take
      // back what it gave, the token in a rescue file, too.
      const kept = await keep(answer).finally(() => note('exchanged'));
      return { answer, kept };
    } catch (thrown) {
      const sent = !(thrown instanceof GsacError) || thrown.details['code_sent'] !== false;
      const refused = thrown instanceof GsacError && thrown.exitCode === 4;
      if (seen === undefined && (refused || !sent)) await note(undefined);
      throw thrown;
    }
  });
}

/** Keeps what an exchange brought; nothing, if there is no store. */
async function keepGrant(
  { context, accounts }: AccountWork,
  store: AccountRecord['store'] | undefined,
  { clientId, clientSecret, tokenUri }: ClientConfig,
  tokens: TokenSet,
): Promise<KeptGrant> {
  const { sub, email } = identityOf(tokens.idToken);
  const { refreshToken, accessToken, scopes } = tokens;
  const now = context.now();
  const account: AccountRecord = {
    key: toAccountKey(clientId, sub, fingerprintOf(refreshToken ?? accessToken ?? '')),
    sub,
    email,
    clientId,
    scopes: scopes ?? [],
    store: store ?? 'keychain',
    issuedAt: now,
    lastUsedAt: null,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt ?? null,
  };
  // An answer without any token names nobody, so there is no account to remember.
  const empty = refreshToken === undefined && accessToken === undefined;
  if (store === undefined || empty) {
    return { account, status: refreshToken === undefined ? 'absent' : 'not_stored', warnings: [] };
  }
  const sessionKey = accounts.newSessionKey();
  const credential = { clientId, clientSecret, refreshToken, tokenUri, sessionKey };
  const session = toSession(tokens, account.scopes, now);
  const change = signedIn({ account, credential, scopes, session });
  const { now: before, next, warnings } = await (await accounts.book()).change(account, change);
  const kept = (typeof next === 'object' ? next.record : undefined) ?? account;
  if (refreshToken !== undefined) return { account: kept, status: 'stored', warnings };
  const status = before.credential?.refreshToken === undefined ? 'absent' : 'kept_previous';
  return { account: kept, status, warnings };
}

function alreadyExchanged(at: number, now: number): GsacError {
  return new GsacError(
    'invalid_grant',
    `This machine exchanged this code ${now - at < 1000 ? 'just now' : relativeTime(at, now)}; nothing was sent.`,
    {
      hint: 'A code works once. Sign in again for a new one, or use the account from that exchange: `gsac accounts`.',
      details: { exchanged_at: isoTime(at), code_sent: false },
    },
  );
}

function requireAccessToken({ tokens, damaged }: CodeGrantAnswer, kept: KeptGrant): string {
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
  work: AccountWork,
  { client, endpoints }: ResolvedClient,
  { tokens, accessToken }: Redeemed,
): Promise<Exchanged['idToken']> {
  if (tokens.idToken === undefined) return null;
  try {
    const token = decodeIdToken(tokens.idToken);
    const judged = await checkIdToken(work, token, endpoints, {
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

const onTheWeb =
  'On the web ask with access_type=offline and prompt=consent, then exchange the new code.';

/** How a refresh token is had on each platform, once consent was given before. */
const forceRefreshToken: Readonly<Record<CodeSource, string>> = {
  ios: 'On iOS call GIDSignIn.sharedInstance.disconnect(), then sign in interactively and exchange the new code.',
  android:
    'On Android ask for the code with forceCodeForRefreshToken = true (requestOfflineAccess(clientId, true)), sign in and exchange the new code.',
  'web-popup': onTheWeb,
  'web-redirect': onTheWeb,
};

/**
 * What a person should know of an exchange that went well, such as scopes that were not granted.
 */
export function findWarnings(
  { tokens, status, idToken, warnings: kept }: Exchanged,
  source: CodeSource,
  expectedScopes: readonly string[],
): Warning[] {
  const warnings: Warning[] = [...kept];
  const hint = forceRefreshToken[source];
  if (status === 'kept_previous') {
    const message =
      'Google gave no refresh token, since this person had consented before; the stored one was kept.';
    warnings.push({ code: 'refresh_token_kept', message, hint });
  } else if (tokens.refreshToken === undefined) {
    const message =
      'Google gave no refresh token: this person had consented before, or offline access was not asked for.';
    warnings.push({ code: 'refresh_token_absent', message, hint });
  }
  // An answer that names no scopes grants those asked for (RFC 6749, 5.1).
  const missing = tokens.scopes === undefined ? [] : missingScopes(expectedScopes, tokens.scopes);
  if (missing.length > 0) {
    warnings.push({
      code: 'scope_missing',
      message: `Not granted: ${missing.join(', ')}.`,
      hint: 'The box was left unticked on the consent page, or the app did not ask for it.',
    });
  }
  if (idToken === null) {
    warnings.push({
      code: 'id_token_absent',
      message: 'No ID token came, so the account has no name.',
      hint: 'Ask for the scopes openid and email.',
    });
  } else if (idToken.verdict !== 'valid') {
    warnings.push({
      code: `id_token_${idToken.verdict}`,
      message: `The ID token is ${idToken.verdict}.`,
      hint: 'See its checks above, or run `gsac claims`.',
    });
  }
  if (tokens.oddities.length > 0) {
    warnings.push({
      code: 'answer_odd',
      message: `Google’s response is not as documented: ${tokens.oddities.join(', ')}.`,
      hint: 'Add --trace to the next exchange to see the response.',
    });
  }
  return warnings;
}
