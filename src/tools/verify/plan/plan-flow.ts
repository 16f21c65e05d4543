import { isAbsolute, join } from 'node:path';
import { defaultClockToleranceSeconds } from '../../../accounts/id-token-check.js';
import type { ResolvedClient } from '../../../core/client-config.js';
import { parseScopes, usualScopes } from '../../../core/scopes.js';
import type { FlowExpectations } from '../expectations.js';
import type {
  ExpectDocument,
  FlowDocument,
  PlanDocument,
  PlannedBeginning,
  PlannedFlow,
  ScopesDocument,
} from './plan.js';

/**
 * Makes a flow of a plan ready: the plan's defaults filled in, paths made absolute. It may bear the
 * name of another one.
 *
 * @param folder where relative paths begin.
 */
export function toPlannedFlow(
  plan: PlanDocument,
  flow: FlowDocument,
  client: ResolvedClient | undefined,
  folder: string,
): PlannedFlow {
  const beginning = toBeginning(plan, flow, client, folder);
  return {
    name: flow.name ?? nameOf(beginning),
    client,
    beginning,
    keep: flow.keep === true,
    expectations: toExpectations({ ...plan.defaults?.expect, ...flow.expect }, flow),
  };
}

function toBeginning(
  { defaults = {} }: PlanDocument,
  { account, code, sign_in: signIn = {}, ...flow }: FlowDocument,
  client: ResolvedClient | undefined,
  folder: string,
): PlannedBeginning {
  if (account !== undefined) return { kind: 'account', account };
  if (code !== undefined) {
    return {
      kind: 'code',
      from: code.file === undefined ? { env: code.env ?? '' } : { file: within(folder, code.file) },
      source: flow.source ?? defaults.source ?? 'ios',
      redirectUri: flow.redirect_uri,
      codeVerifier: flow.code_verifier,
    };
  }
  const source = signIn.source ?? defaults.source ?? 'ios';
  const registered = source === 'web-redirect' ? client?.client.redirectUris[0] : undefined;
  return {
    kind: 'emulator',
    user: signIn.user,
    scopes: toScopes(signIn.scopes ?? defaults.scopes) ?? usualScopes,
    source,
    redirectUri: signIn.redirect_uri ?? registered,
    faults: signIn.faults ?? [],
  };
}

function nameOf(beginning: PlannedBeginning): string {
  if (beginning.kind === 'account') return beginning.account;
  if (beginning.kind === 'emulator') {
    return beginning.user === undefined ? 'sign-in' : `sign-in of ${beginning.user}`;
  }
  return 'env' in beginning.from ? `code in ${beginning.from.env}` : 'code in a file';
}

function toExpectations(expect: ExpectDocument, flow: FlowDocument): FlowExpectations {
  return {
    scopes: toScopes(expect.scopes),
    noExtraScopes: expect.extra_scopes === false,
    sub: expect.sub,
    email: expect.email,
    hostedDomain: expect.hosted_domain,
    noExpiringGrant: expect.expiring_grant === false,
    emailVerified: expect.email_verified === true,
    clockToleranceSeconds: expect.clock_tolerance_seconds ?? defaultClockToleranceSeconds,
    replay: flow.replay === true,
    revoke: flow.revoke === true,
    failures: [expect.failure ?? []].flat(),
  };
}

function toScopes(scopes: ScopesDocument | undefined): string[] | undefined {
  return scopes === undefined ? undefined : parseScopes([scopes].flat().join(' '));
}

/** A path that is written in a plan: a relative one begins at the plan's folder. */
export function within(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
