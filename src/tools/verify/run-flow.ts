import type { AccountWork } from '../../accounts/accounts.js';
import { errorExitCodes } from '../../core/errors.js';
import type { HttpRecord } from '../../core/http-record.js';
import { createKnownSecrets, maskText } from '../../core/secret.js';
import { CheckBook } from './check-book.js';
import type { ExpectedFailure } from './expectations.js';
import type { CheckResult, FlowReport } from './model.js';
import { appFolderStage } from './stages/app-folder.js';
import { exchangeStage, signInStage } from './stages/exchange.js';
import { idTokenStage } from './stages/id-token.js';
import { identityStage } from './stages/identity.js';
import { refreshStage } from './stages/refresh.js';
import { replayStage } from './stages/replay.js';
import { revokeStage } from './stages/revoke.js';
import { scopesStage } from './stages/scopes.js';
import {
  aboutFlow,
  type Flow,
  type FlowFacts,
  type FlowOrder,
  type Stage,
} from './stages/stage.js';
import { tokenInfoStage } from './stages/token-info.js';

const ofCodes: readonly Stage[] = [
  signInStage,
  exchangeStage,
  scopesStage,
  idTokenStage,
  // Of the first access token; the one that the refresh brings reads the appfolder.
  tokenInfoStage,
  identityStage,
  refreshStage,
  appFolderStage,
  replayStage,
  revokeStage,
];

/** A stored account has its first tokens from the refresh. */
const ofAccounts: readonly Stage[] = [
  refreshStage,
  scopesStage,
  idTokenStage,
  tokenInfoStage,
  identityStage,
  appFolderStage,
  revokeStage,
];

/** Every check, with its title. */
export const checkTitles: Readonly<Record<string, string>> = Object.assign(
  {},
  ...ofCodes.map(({ checks }) => checks),
);

interface FlowRun {
  /** Whether the issuer's keys are shared with other flows of this run. */
  shareKeys: boolean;
  /** Whether the requests are kept without their headers and bodies. */
  brief: boolean;
  /** Waits before a flow looks again; rejected if the person cancels. */
  pause: Flow['pause'];
}

/**
 * Runs a flow from its beginning to its end and judges it check by check. A check whose ground is
 * missing is skipped with the reason; what fails does not end the others.
 *
 * @throws {GsacError} `cancelled`; what is wrong with the code before it is sent (2), and what the
 *   store says (5).
 */
export async function runFlow(
  { context, accounts, google }: AccountWork,
  order: FlowOrder,
  { shareKeys, brief, pause }: FlowRun,
): Promise<FlowReport> {
  const requests: HttpRecord[] = [];
  const secrets = createKnownSecrets();
  const recording = google.recording({
    record: (entry) => requests.push(entry),
    ownKeys: !shareKeys,
    brief,
    secrets,
  });
  const { client, endpoints, beginning, expectations, name } = order;
  const startedAt = context.now();
  const elapsed = () => context.now() - startedAt;
  const book = new CheckBook({
    titles: checkTitles,
    elapsed,
    requests,
    diagnose: (error) => context.diagnose.failure(error, { ...aboutFlow(flow), ...error.about }),
    secrets,
  });
  secrets.learn(client.clientSecret);
  const facts = startingFacts(beginning);
  secrets.learn(facts.refreshToken);
  const flow: Flow = {
    ...order,
    context,
    accounts,
    google: recording,
    book,
    facts,
    secrets,
    pause,
  };
  for (const stage of beginning.kind === 'account' ? ofAccounts : ofCodes) {
    if (stage.appliesTo?.(flow) !== false) await stage.run(flow);
  }
  const checks = withExpectedFailures(await book.completed(), expectations.failures);
  return {
    // People write an account or a user into a plan, and paste a token.
    name: maskText(name),
    kind: beginning.kind,
    clientId: client.clientId,
    account: toAccount(facts),
    tokenUri: endpoints.token,
    startedAt,
    durationMs: elapsed(),
    outcome: outcomeOf(checks, expectations.failures),
    checks,
    requests,
    idToken: facts.idToken ?? null,
    grantedScopes: facts.grantedScopes ?? facts.session?.scopes ?? [],
  };
}

function startingFacts(beginning: FlowOrder['beginning']): FlowFacts {
  if (beginning.kind !== 'account') return {};
  const { account, credential } = beginning.opened;
  const { sub, email, scopes } = account;
  return {
    sub,
    email,
    refreshToken: credential.refreshToken,
    grantedScopes: scopes.length === 0 ? undefined : scopes,
  };
}

function toAccount({ sub = null, email = null }: FlowFacts): FlowReport['account'] {
  return sub === null && email === null ? null : { sub, email };
}

/** A failure that was expected is what passes; a pass in its place is what fails. */
function withExpectedFailures(
  results: readonly CheckResult[],
  failures: readonly ExpectedFailure[],
): CheckResult[] {
  const absent = failures.filter(({ check }) => results.every(({ id }) => id !== check));
  const judged = results.map((result): CheckResult => {
    const failure = failures.find(({ check }) => check === result.id);
    return failure === undefined ? result : toExpected(result, failure);
  });
  return [...judged, ...absent.map(toAbsent)];
}

function toExpected(result: CheckResult, { error }: ExpectedFailure): CheckResult {
  const { causes, skip: _, blockedBy: __, ...bare } = result;
  const expected = nameFailure(error);
  if (result.outcome !== 'fail') {
    const became = result.outcome === 'skip' ? 'it did not run' : 'it passed';
    return { ...bare, outcome: 'fail', expected, seen: `${became}: ${result.seen}` };
  }
  if (error !== undefined) {
    const isNamed = error === result.error || error === result.refusal;
    return { ...bare, outcome: isNamed ? 'pass' : 'fail', expected };
  }
  // Where nobody answers, every check fails: that says nothing of what was to be shown.
  const isOutage = result.error !== undefined && errorExitCodes[result.error] === 3;
  if (!isOutage) return { ...bare, outcome: 'pass', expected };
  return {
    ...bare,
    causes,
    outcome: 'fail',
    expected: `${expected}, but not because of an outage`,
  };
}

/** A check that was to fail and that such a flow does not have: it must not count as having failed. */
function toAbsent({ check: id, error }: ExpectedFailure): CheckResult {
  return {
    id,
    title: checkTitles[id] ?? id,
    outcome: 'fail',
    expected: nameFailure(error),
    seen: 'it did not run: this kind of flow does not have this check',
    startedMs: 0,
    durationMs: 0,
    requests: [],
  };
}

function nameFailure(error: string | undefined): string {
  return error === undefined ? 'this check fails' : `this check fails with ${error}`;
}

/** No flow passes in which something could not run, unless a failure that was expected is the reason. */
function outcomeOf(
  checks: readonly CheckResult[],
  failures: readonly ExpectedFailure[],
): 'pass' | 'fail' {
  if (checks.some(({ outcome }) => outcome === 'fail')) return 'fail';
  const byId = new Map(checks.map((check) => [check.id, check]));
  const isExcused = (check: CheckResult): boolean => {
    if (check.skip !== 'blocked') return failures.some((failure) => failure.check === check.id);
    const reason = check.blockedBy === undefined ? undefined : byId.get(check.blockedBy);
    return reason !== undefined && isExcused(reason);
  };
  const isWhole = checks.every((check) => check.skip !== 'blocked' || isExcused(check));
  return isWhole ? 'pass' : 'fail';
}
