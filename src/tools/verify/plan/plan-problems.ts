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

const ofSignIn = 'goes with code; here, write it inside sign_in';

/** Keys of a flow that exclude or lack another one, with what is said of the key. */
const contradictions: readonly (readonly [
  key: keyof FlowDocument,
  saying: string,
  isWrong: (flow: FlowDocument, plan: PlanDocument) => boolean,
])[] = [
  [
    'keep',
    'needs a code or a sign_in: the account is already stored',
    ({ account, keep }) => !!account && keep === true,
  ],
  [
    'replay',
    'needs a code or a sign_in: a stored account has no code',
    ({ account, replay }) => !!account && replay === true,
  ],
  [
    'repeat',
    'excludes revoke: after the first run the account is gone',
    ({ account, revoke, repeat = 1 }) => !!account && revoke === true && repeat > 1,
  ],
  ['code', 'needs either env or file', ({ code }) => !!code && Object.keys(code).length !== 1],
  [
    'source',
    'needs redirect_uri beside web-redirect',
    ({ code, source, redirect_uri: uri }, { defaults }) =>
      !!code && uri === undefined && (source ?? defaults?.source) === 'web-redirect',
  ],
  ['repeat', 'excludes code: a code works once', ({ code, repeat = 1 }) => !!code && repeat > 1],
  ['source', 'goes with code', ({ account, source }) => !!account && !!source],
  ['redirect_uri', 'goes with code', (flow) => !!flow.account && flow.redirect_uri !== undefined],
  ['source', ofSignIn, (flow) => !!flow.sign_in && !!flow.source],
  ['redirect_uri', ofSignIn, (flow) => !!flow.sign_in && flow.redirect_uri !== undefined],
  ['code_verifier', 'goes with code', (flow) => !flow.code && !!flow.code_verifier],
  ['keep', 'excludes revoke', ({ keep, revoke }) => keep === true && revoke === true],
];

/** Checks that run only in some flows: what they need there, and whether it is missing. */
const needs: readonly (readonly [
  checks: RegExp,
  need: string,
  isMissing: (flow: FlowDocument, expect: ExpectDocument) => boolean,
])[] = [
  [/^code\.replay$/, 'replay: true', ({ replay }) => replay !== true],
  [/^revoke\./, 'revoke: true', ({ revoke }) => revoke !== true],
  [/^sign_in\./, 'sign_in', (flow) => flow.sign_in === undefined],
  [/^(code|token)\.|^refresh_token\.present$/, 'a code', ({ account }) => account !== undefined],
  [/^scopes\.extra$/, 'extra_scopes: false', (_, expect) => expect.extra_scopes !== false],
  [/^refresh_token\.permanent$/, 'expiring_grant: false', (_, e) => e.expiring_grant !== false],
  [/^identity\.sub$/, 'expect.sub', (_, { sub }) => sub === undefined],
  [
    /^identity\.email$/,
    'expect.email',
    (flow, { sub, email }) => !email && (sub !== undefined || flow.sign_in?.user === undefined),
  ],
  [/^id_token\.email_verified$/, 'email_verified: true', (_, e) => e.email_verified !== true],
  [/^id_token\.hosted_domain$/, 'hosted_domain', (_, e) => e.hosted_domain === undefined],
];

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
  const [first, second] = beginnings.filter((beginning) => flow[beginning] !== undefined);
  if (first === undefined) return [{ path: [], saying: 'needs one of account, code and sign_in' }];
  if (second !== undefined) {
    return [{ path: [second], saying: `excludes ${first}: a flow begins once` }];
  }
  return [
    ...findInClient(flow, plan),
    ...contradictions
      .filter(([, , isWrong]) => isWrong(flow, plan))
      .map(([key, saying]) => ({ path: [key], saying })),
    ...findInExpect(flow, plan),
  ];
}

function findInClient({ client }: FlowDocument, { clients = {} }: PlanDocument): PlanProblem[] {
  if (client === undefined || Object.hasOwn(clients, client)) return [];
  const names = Object.keys(clients);
  const suggestion = closest(client, names);
  const known = names.length === 0 ? 'the plan has no clients' : `there are ${names.join(', ')}`;
  const help = suggestion === undefined ? known : `did you mean ${suggestion}?`;
  return [{ path: ['client'], saying: `is not a name in clients; ${help}` }];
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
    const missing = needs.find(
      ([checks, , isMissing]) => checks.test(check) && isMissing(flow, whole),
    );
    if (missing !== undefined) {
      const saying = `expects ${check} to fail, which needs ${missing[1]}`;
      problems.push({ path: ['expect', 'failure'], saying });
    }
  }
  return problems;
}
