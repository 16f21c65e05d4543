import type { AccountWork } from '../../../accounts/accounts.js';
import { exchangeFacts } from '../../../accounts/exchange.js';
import type { OpenAccount } from '../../../accounts/open.js';
import { accountCircumstances } from '../../../accounts/refresh.js';
import type { AccountRecord, Session } from '../../../core/account.js';
import type { ClientConfig } from '../../../core/client-config.js';
import type { Case } from '../../../core/diagnosis.js';
import type { Endpoints } from '../../../core/endpoints.js';
import { GsacError, withFacts } from '../../../core/errors.js';
import type { KnownSecrets } from '../../../core/secret.js';
import type { Google } from '../../../google/google.js';
import type { CodeGrantAnswer } from '../../../google/token.js';
import type { TokenInfo } from '../../../google/tokeninfo.js';
import type { CheckBook } from '../check-book.js';
import type { FlowExpectations } from '../expectations.js';
import type { FlowKind, FlowReport } from '../model.js';
import type { FlowCode } from '../ports.js';

/** Where a flow's code comes from. */
export interface CodeBeginning {
  kind: Exclude<FlowKind, 'account'>;
  /** Gives the code, or has somebody sign in for it. @param google records what is sent. */
  obtain: (google: Google) => Promise<FlowCode>;
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

/** A flow that is to be run. */
export interface FlowOrder {
  readonly name: string;
  readonly client: ClientConfig;
  readonly endpoints: Endpoints;
  readonly beginning: CodeBeginning | AccountBeginning;
  readonly expectations: FlowExpectations;
  /** Of a flow of a plan: what its check asks for is a key there, and not a flag. */
  readonly isPlanned?: boolean;
}

/** One flow on its way through the stages, with what came out so far; its `google` records. */
export interface Flow extends AccountWork, FlowOrder {
  readonly book: CheckBook;
  /** Filled in by the stages. */
  readonly facts: FlowFacts;
  /** What no report may show, whatever it looks like; each stage adds what came. */
  readonly secrets: KnownSecrets;
  /** Waits before something is looked at again; rejected if the person cancels. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** What the stages learn. */
export interface FlowFacts {
  code?: FlowCode;
  /** The scopes that were asked for, where that is known. */
  askedScopes?: readonly string[] | undefined;
  /** The newest access token. */
  session?: Session;
  refreshToken?: string | undefined;
  /** The account that keeps a code's refresh token, where it was to be kept and is. */
  kept?: AccountRecord | undefined;
  /** The stated end of a stored account's refresh token, epoch milliseconds. */
  grantEndsAt?: number | undefined;
  /** The scopes of the first answer; undefined where it named none. */
  grantedScopes?: readonly string[] | undefined;
  sub?: string | null | undefined;
  email?: string | null;
  idToken?: NonNullable<FlowReport['idToken']>;
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

/** What a flow is about as far as it has come, for the diagnosis of what fails in it. */
export function aboutFlow({ beginning, facts, client, context, google }: Flow): Case {
  return {
    clockAheadSeconds: google.clockAheadSeconds(),
    ...(beginning.kind === 'account' && {
      stage: 'refresh',
      ...accountCircumstances(beginning.opened.account, context.now()),
    }),
    ...(facts.code && exchangeFacts(client, { ...facts.code, store: false, replay: false })),
  };
}

/** The check without which a flow has no access token, and nothing to look at. */
export function grantCheck({ beginning }: Pick<Flow, 'beginning'>): string {
  return beginning.kind === 'account' ? 'refresh.grant' : 'code.exchange';
}

/** What tokeninfo says of an access token, asked once for each. @throws {GsacError} */
export async function lookUpToken(
  { google, endpoints, facts }: Flow,
  accessToken: string,
): Promise<TokenInfo | undefined> {
  if (facts.tokenInfo?.accessToken !== accessToken) {
    const lookUp = async () => (await google.tokeninfo()).lookUp(accessToken, endpoints);
    const answer = await withFacts(() => ({ stage: 'verify' }), lookUp);
    facts.tokenInfo = { accessToken, answer };
  }
  return facts.tokenInfo.answer;
}

/** Sends the flow's refresh token, apart from whatever this machine keeps. @throws {GsacError} */
export async function sendRefresh(flow: Flow): Promise<CodeGrantAnswer> {
  const { google, endpoints, facts } = flow;
  const { clientId, clientSecret, tokenUri } = flow.client;
  const { refreshToken } = facts;
  const credential = { clientId, clientSecret, refreshToken, tokenUri, sessionKey: '' };
  return withFacts(
    () => ({ stage: 'refresh' }),
    async () => (await google.token()).refresh(credential, endpoints),
  );
}

/** What is said of a check that nobody asked for: how one would. */
export function notAskedFor({ isPlanned }: Flow, flag: string, key: string): string {
  return `not asked for; add ${isPlanned === true ? key : flag}`;
}

/** The code with which Google refused; everything else is thrown on. */
export function refusalOf(thrown: unknown): string {
  if (thrown instanceof GsacError && thrown.exitCode === 4) return thrown.code;
  throw thrown;
}
