import { describeAccount } from '../core/account.js';
import { type AuthCode, parseAuthCode } from '../core/auth-code.js';
import type { ClientConfig, ResolvedClient } from '../core/client-config.js';
import { type CodeSource, redirectUriOf } from '../core/code-source.js';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { type Check, decodeIdToken, type Verdict } from '../core/id-token.js';
import { isoTime, relativeTime } from '../core/times.js';
import type { TokenSet } from '../core/token-answer.js';
import type { CodeGrant, CodeGrantAnswer } from '../google/token.js';
import type { Services } from '../wiring.js';
import { checkIdToken } from './id-token-check.js';
import { type KeptGrant, keepGrant } from './keep-grant.js';
import { proveWritable } from './prove-writable.js';

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

/** What came of sending a code, before anybody has looked at its ID token. */
export interface Redeemed extends KeptGrant {
  tokens: TokenSet;
  accessToken: string;
  code: AuthCode;
  redirectUri: string;
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
  services: Services,
  resolved: ResolvedClient,
  request: ExchangeRequest,
): Promise<Exchanged> {
  const redeemed = await redeemCode(services, resolved, request);
  const { client, endpoints } = resolved;
  const { tokens, accessToken } = redeemed;
  return { ...redeemed, idToken: await judge(services, tokens, client, endpoints, accessToken) };
}

/**
 * Sends a code: cleans it, has the store prove that it can write, sends it once, stores the refresh
 * token and reads it back before anything else, and caches the session. The ID token is not judged.
 *
 * @throws {GsacError} exit 2 before anything is sent, 3 and 4 for what came of it, 5 for the store.
 */
export async function redeemCode(
  services: Services,
  { client, endpoints }: ResolvedClient,
  request: ExchangeRequest,
): Promise<Redeemed> {
  const { circumstances } = services;
  Object.assign(circumstances, { stage: 'code-input', code: request.pasted });
  const code = parseAuthCode(request.pasted);
  const redirectUri = redirectUriOf(request.source, request.redirectUri);
  // From here on the code is clean: what was pasted explains nothing any more.
  Object.assign(circumstances, {
    stage: 'exchange',
    code: undefined,
    source: request.source,
    redirectUri,
    clientType: client.type ?? undefined,
    requestedScopes: request.requestedScopes,
  });
  const store = request.store ? await proveWritable(services) : undefined;
  const grant: CodeGrant = {
    endpoints,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    code: code.code,
    redirectUri,
    codeVerifier: request.codeVerifier,
  };
  const { answer, kept } = await sendOnce(services, request, grant, ({ tokens }) =>
    keepGrant(services, store, client, tokens),
  );
  const accessToken = requireAccessToken(answer, kept);
  return { ...kept, tokens: answer.tokens, accessToken, code, redirectUri };
}

/**
 * Sends a code and keeps what it brought, unless this machine exchanged the code before: a second
 * time it could only be refused, and a server may take back the tokens of the first (RFC 6749,
 * 4.1.2).
 */
async function sendOnce(
  services: Services,
  request: ExchangeRequest,
  grant: CodeGrant,
  keep: (answer: CodeGrantAnswer) => Promise<KeptGrant>,
): Promise<{ answer: CodeGrantAnswer; kept: KeptGrant }> {
  const ledger = await services.codeLedger();
  const { code, clientId } = grant;
  const now = services.now();
  // What is not remembered was made for this one exchange: no machine can have seen it.
  const seen = request.remember === false ? undefined : await ledger.find(code, clientId);
  if (seen !== undefined) {
    const secondsAgo = Math.max(0, (now - seen.at) / 1000);
    services.circumstances.codeSeen = { outcome: seen.outcome, secondsAgo };
    if (seen.outcome === 'exchanged' && !request.replay) throw alreadyExchanged(seen.at, now);
  }
  const note = async (outcome: 'exchanged' | 'unknown' | undefined) => {
    if (request.remember ?? request.store)
      await ledger.note(code, clientId, outcome && { outcome, at: now });
  };
  // What is known of the code stays: sending it once more makes no exchanged code an unknown one,
  // and a refusal of the second sending is no lost answer of this moment.
  if (seen === undefined) await note('unknown');
  try {
    const answer = await (await services.tokenEndpoint()).exchangeCode(grant);
    // Whatever becomes of the token: the code is spent, and a server that sees it again may take back
    // what it gave, the token in a rescue file, too.
    const kept = await keep(answer).finally(() => note('exchanged'));
    return { answer, kept };
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
  services: Services,
  tokens: TokenSet,
  client: ClientConfig,
  endpoints: Endpoints,
  accessToken: string,
): Promise<Exchanged['idToken']> {
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
