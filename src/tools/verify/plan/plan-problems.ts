import { closest } from '../../../core/closest.js';
import type { DocumentPath } from '../../../schema/document.js';
import type { ExpectDocument, FlowDocument, PlanDocument } from './plan.js';

/** Something wrong with a plan that its schema does not see. */
export interface PlanProblem {
  readonly path: DocumentPath;
  /** What follows the path in a sentence. */
  readonly saying: string;
}

const beginnings = ['account', 'code', 'sign_in'] as const;

/** What in a plan excludes, lacks or repeats something, in the order of the flows. Files are not read. */
export function findContradictions(plan: PlanDocument): PlanProblem[] {
  const names = new Map<string, number>();
  return plan.flows.flatMap((flow, at) => {
    const problems = findInFlow(flow, plan).map(({ path, saying }) => ({
      path: ['flows', at, ...path],
      saying,
    }));
    const { name } = flow;
    const other = name === undefined ? undefined : names.get(name);
    if (other !== undefined) {
      problems.push({ path: ['flows', at, 'name'], saying: `is also that of flows[${other}]` });
    } else if (name !== undefined) {
      names.set(name, at);
    }
    return problems;
  });
}

function findInFlow(flow: FlowDocument, plan: PlanDocument): PlanProblem[] {
  const given = beginnings.filter((beginning) => flow[beginning] !== undefined);
  const [first, second] = given;
  if (first === undefined) return [{ path: [], saying: 'needs one of account, code and sign_in' }];
  if (second !== undefined) {
    return [{ path: [second], saying: `excludes ${first}: a flow begins once` }];
  }
  return [
    ...findInClient(flow, plan),
    ...(first === 'account' ? findInAccount(flow) : []),
    ...(first === 'code' ? findInCode(flow, plan) : findOfCodes(flow, first)),
    ...(flow.keep === true && flow.revoke === true
      ? [{ path: ['keep'], saying: 'excludes revoke' }]
      : []),
    ...findInExpect(flow, plan),
  ];
}

function findInClient({ client }: FlowDocument, { clients = {} }: PlanDocument): PlanProblem[] {
  if (client === undefined || Object.hasOwn(clients, client)) return [];
  const names = Object.keys(clients);
  const suggestion = closest(client, names);
  const known = names.length === 0 ? 'the plan has no clients' : `there are ${names.join(', ')}`;
  const help = suggestion === undefined ? known : `did you mean ${suggestion}?`;
  return [{ path: ['client'], saying: `is no name of clients; ${help}` }];
}

function findInAccount(flow: FlowDocument): PlanProblem[] {
  return [
    ...(flow.keep === true
      ? [{ path: ['keep'], saying: 'needs a code: the account is kept' }]
      : []),
    ...(flow.replay === true
      ? [{ path: ['replay'], saying: 'needs a code: a stored account has none any more' }]
      : []),
    ...(flow.revoke === true && (flow.repeat ?? 1) > 1
      ? [{ path: ['repeat'], saying: 'excludes revoke: the account is gone after the first time' }]
      : []),
  ];
}

function findInCode(flow: FlowDocument, { defaults }: PlanDocument): PlanProblem[] {
  const { code = {}, redirect_uri: redirectUri } = flow;
  const source = flow.source ?? defaults?.source;
  return [
    ...(Object.keys(code).length === 1
      ? []
      : [{ path: ['code'], saying: 'needs either env or file' }]),
    ...(source === 'web-redirect' && redirectUri === undefined
      ? [{ path: ['source'], saying: 'needs redirect_uri beside web-redirect' }]
      : []),
    ...((flow.repeat ?? 1) > 1
      ? [{ path: ['repeat'], saying: 'excludes code: one works once' }]
      : []),
  ];
}

function findOfCodes(flow: FlowDocument, beginning: string): PlanProblem[] {
  const where = beginning === 'sign_in' ? '; here it belongs into sign_in' : '';
  return (['source', 'redirect_uri', 'code_verifier'] as const)
    .filter((key) => flow[key] !== undefined)
    .map((key) => ({
      path: [key],
      saying: `goes with code${key === 'code_verifier' ? '' : where}`,
    }));
}

function findInExpect(flow: FlowDocument, { defaults }: PlanDocument): PlanProblem[] {
  const own: ExpectDocument = flow.expect ?? {};
  const whole = { ...defaults?.expect, ...own };
  const problems: PlanProblem[] = [];
  if (whole.extra_scopes === false && whole.scopes === undefined && flow.sign_in === undefined) {
    const path = own.extra_scopes === undefined ? [] : ['expect', 'extra_scopes'];
    problems.push({ path, saying: 'needs expect.scopes beside extra_scopes: false' });
  }
  const failures = [own.failure ?? []].flat();
  for (const [at, { check }] of failures.entries()) {
    if (failures.findIndex((other) => other.check === check) !== at) {
      problems.push({ path: ['expect', 'failure', at], saying: `names ${check} a second time` });
    }
  }
  for (const { check } of failures) {
    const why = neverRuns(check, flow, whole);
    if (why !== undefined) {
      problems.push({ path: ['expect', 'failure'], saying: `waits for ${check}, which ${why}` });
    }
  }
  return problems;
}

/** Why a check that is to fail would not even run. */
function neverRuns(check: string, flow: FlowDocument, expect: ExpectDocument): string | undefined {
  const [subject] = check.split('.');
  if (check === 'code.replay' && flow.replay !== true) return 'needs replay: true';
  if (subject === 'revoke' && flow.revoke !== true) return 'needs revoke: true';
  if (subject === 'sign_in' && flow.sign_in === undefined) return 'needs sign_in';
  const ofCode =
    /^(code|token|refresh_token|sign_in)$/.test(subject ?? '') &&
    check !== 'refresh_token.permanent';
  if (ofCode && flow.account !== undefined) return 'needs a code';
  if (check === 'scopes.extra' && expect.extra_scopes !== false) return 'needs extra_scopes: false';
  if (check === 'refresh_token.permanent' && expect.expiring_grant !== false) {
    return 'needs expiring_grant: false';
  }
  if (check === 'identity.sub' && expect.sub === undefined) return 'needs expect.sub';
  const isNamed = flow.sign_in?.user !== undefined && expect.sub === undefined;
  if (check === 'identity.email' && expect.email === undefined && !isNamed) {
    return 'needs expect.email';
  }
  if (check === 'id_token.email_verified' && expect.email_verified !== true) {
    return 'needs email_verified: true';
  }
  if (check === 'id_token.hosted_domain' && expect.hosted_domain === undefined) {
    return 'needs hosted_domain';
  }
  return undefined;
}
