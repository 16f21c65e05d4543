import type { ExchangeRequest } from '../../../accounts/exchange.js';
import type { OpenAccount } from '../../../accounts/open.js';
import type { AccountRecord, Session } from '../../../core/account.js';
import type { ClientConfig } from '../../../core/client-config.js';
import type { Endpoints } from '../../../core/endpoints.js';
import type { Verdict } from '../../../core/id-token.js';
import type { KnownSecrets } from '../../../core/secret.js';
import type { TokenInfo } from '../../../google/tokeninfo.js';
import type { Services } from '../../../wiring.js';
import type { CheckBook } from '../check-book.js';
import type { FlowExpectations } from '../expectations.js';
import type { FlowKind } from '../model.js';

/** Where a flow's code comes from. */
export interface CodeBeginning {
  kind: Exclude<FlowKind, 'account'>;
  /** Gives the code, or has somebody sign in for it. */
  obtain: (services: Services) => Promise<Omit<ExchangeRequest, 'replay' | 'store'>>;
  /** Whether the refresh token is stored, as `gsac exchange` does. */
  keep: boolean;
  /** The address of whoever was told to sign in; undefined where nobody in particular was. */
  user?: string | undefined;
}

/** Where a flow of a stored account begins. */
export interface AccountBeginning {
  kind: 'account';
  opened: OpenAccount;
}

/** One flow on its way through the stages, with what came out so far. */
export interface Flow {
  /** Recording, and this flow's own. */
  readonly services: Services;
  readonly client: ClientConfig;
  readonly endpoints: Endpoints;
  readonly expectations: FlowExpectations;
  readonly beginning: CodeBeginning | AccountBeginning;
  readonly book: CheckBook;
  /** Filled in by the stages. */
  readonly facts: FlowFacts;
  /** What no report may show, whatever it looks like; each stage adds what came. */
  readonly secrets: KnownSecrets;
}

/** What the stages learn. */
export interface FlowFacts {
  code?: Omit<ExchangeRequest, 'replay' | 'store'>;
  /** The scopes that were asked for, where that is known. */
  askedScopes?: readonly string[] | undefined;
  /** The newest access token. */
  session?: Session;
  refreshToken?: string | undefined;
  /** The account that keeps a code's refresh token, where it was to be kept and is. */
  kept?: AccountRecord;
  /** The stated end of a stored account's refresh token, epoch milliseconds. */
  grantEndsAt?: number | undefined;
  /** The scopes of the first answer; undefined where it named none. */
  grantedScopes?: readonly string[] | undefined;
  sub?: string | null;
  email?: string | null;
  idToken?: {
    verdict: Verdict;
    header: Record<string, unknown>;
    claims: Record<string, unknown>;
  };
  /** Asked once for each access token. */
  tokenInfo?: { accessToken: string; answer: TokenInfo | undefined };
}

/** A part of a flow: usually one request and the checks of what it brought. */
export interface Stage {
  /** Its checks with their titles, in the order of reports. A new check is one line here, and its test. */
  readonly checks: Readonly<Record<string, string>>;
  /** Whether a flow has this part at all. */
  appliesTo?(flow: Flow): boolean;
  /** Makes the requests and writes down each of the checks. */
  run(flow: Flow): Promise<void>;
}

/** gsac takes an access token with less than this for used up, and so do Google's libraries. */
export const shortestLifetimeSeconds = 300;

/**
 * Writes down the given checks as blocked, all but those of which something is known already.
 *
 * @param blockedBy the check whose failure is the reason.
 */
export function block(
  { book }: Flow,
  ids: readonly string[],
  why: string,
  blockedBy: string,
): void {
  for (const id of ids) {
    if (!book.has(id)) book.block(id, why, blockedBy);
  }
}

/** The check without which a flow has no access token, and nothing to look at. */
export function grantCheck({ beginning }: Pick<Flow, 'beginning'>): string {
  return beginning.kind === 'account' ? 'refresh.grant' : 'code.exchange';
}

/** What tokeninfo says of an access token, asked once for each. @throws {GsacError} */
export async function lookUpToken(
  { services, endpoints, facts }: Flow,
  accessToken: string,
): Promise<TokenInfo | undefined> {
  if (facts.tokenInfo?.accessToken !== accessToken) {
    const answer = await (await services.tokenInfo()).lookUp(accessToken, endpoints);
    facts.tokenInfo = { accessToken, answer };
  }
  return facts.tokenInfo.answer;
}
