import type { HttpRecord } from '../../../src/core/http-record.js';
import type { CheckResult, FlowReport, VerifyReport } from '../../../src/tools/verify/model.js';

/** When the fixture's run began. */
export const startedAt = Date.UTC(2026, 10, 22, 22, 7, 5, 120);

/** What strangers may put into names, claims and answers. */
export const nasty = {
  script: '</script><script>document.title="owned"</script><img src=x onerror=alert(1)>',
  /** A bell, an escape sequence, text turned around, a lone surrogate and a non-character. */
  hidden: 'bell\u0007 \u001b[31mred\u001b[0m \u202egnp.exe \ud800 \uffff',
  yaml: '...\nnot ok 99 - # SKIP\n---\nBail out!',
  xml: ']]> &amp; <b a="1">\r\n\ttab',
} as const;

const clientId = '104729104729-fakeweb0fakeweb0fakeweb0fakeweb0.apps.googleusercontent.com';
const tokenUri = 'https://oauth2.googleapis.com/token';
const scopes = [
  'https://www.googleapis.com/auth/drive.appdata',
  'https://www.googleapis.com/auth/userinfo.email',
  'openid',
];

/** A check that passed, changed as asked. */
export function check(id: string, change: Partial<CheckResult> = {}): CheckResult {
  return {
    id,
    title: `what ${id} says holds`,
    outcome: 'pass',
    expected: 'as it should be',
    seen: 'as it should be',
    startedMs: 0,
    durationMs: 0,
    requests: [],
    ...change,
  };
}

/** A POST to the token endpoint that was answered, changed as asked. */
export function request(at: number, change: Partial<HttpRecord> = {}): HttpRecord {
  return {
    method: 'POST',
    url: tokenUri,
    startedAt: startedAt + at,
    durationMs: 43.26,
    requestHeaders: [
      ['content-type', 'application/x-www-form-urlencoded;charset=UTF-8'],
      ['accept', 'application/json'],
    ],
    requestBody: `client_id=${clientId}&client_secret=GOCSPX-…(35)&code=4/0A…(73)&grant_type=authorization_code&redirect_uri=`,
    status: 200,
    responseHeaders: [['content-type', 'application/json; charset=utf-8']],
    responseBody:
      '{\n  "access_token": "ya29.…(218)",\n  "expires_in": 3599,\n  "token_type": "Bearer"\n}',
    failure: undefined,
    ...change,
  };
}

/** A flow on a code in which everything is right but what was not asked for. */
export function passingFlow(name = 'a tester signs in on iOS'): FlowReport {
  const get = { method: 'GET', requestBody: undefined, requestHeaders: [] } as const;
  return {
    name,
    kind: 'code',
    clientId,
    account: { sub: '108234567890123456789', email: 'tester@example.com' },
    tokenUri,
    startedAt,
    durationMs: 402.4,
    outcome: 'pass',
    checks: [
      check('code.accepted', {
        title: 'the code is taken',
        expected: '200 with an access token',
        seen: '200 with an access token, 3599 seconds',
        durationMs: 43.26,
        requests: [0],
      }),
      check('refresh_token.present', { title: 'a refresh token came', startedMs: 44 }),
      check('scopes.granted', { expected: scopes.join(' '), seen: scopes.join(' ') }),
      check('id_token.signature', { startedMs: 45, durationMs: 61, requests: [1] }),
      check('refresh.grant', { startedMs: 110, durationMs: 38, requests: [2] }),
      check('tokeninfo.audience', { startedMs: 150, durationMs: 52, requests: [3] }),
      check('drive.folder', { startedMs: 204, durationMs: 190, requests: [4] }),
      check('code.replay', {
        title: 'the code is refused the second time',
        outcome: 'skip',
        skip: 'not_asked',
        expected: 'invalid_grant',
        seen: 'not asked for; --replay asks',
        startedMs: 400,
      }),
    ],
    requests: [
      request(0),
      request(45, { ...get, url: 'https://www.googleapis.com/oauth2/v3/certs', durationMs: 61 }),
      request(110, {
        requestBody: `client_id=${clientId}&client_secret=GOCSPX-…(35)&grant_type=refresh_token&refresh_token=1//0…(103)`,
        durationMs: 38,
      }),
      request(150, {
        ...get,
        url: 'https://oauth2.googleapis.com/tokeninfo?access_token=ya29.…(218)',
        durationMs: 52,
      }),
      request(204, {
        ...get,
        url: 'https://www.googleapis.com/drive/v3/files/appfolder?fields=id%2Cname%2CmimeType&supportsAllDrives=false',
        requestHeaders: [['authorization', 'Bearer ya29.…(218)']],
        durationMs: 190,
      }),
    ],
    idToken: {
      verdict: 'valid',
      header: { alg: 'RS256', kid: 'f9a31e8c07d64b5ab7e02dc3a1f6e9807d2c4b1a', typ: 'JWT' },
      claims: {
        iss: 'https://accounts.google.com',
        aud: clientId,
        sub: '108234567890123456789',
        email: 'tester@example.com',
        email_verified: true,
        iat: startedAt / 1000 - 1.12,
        exp: startedAt / 1000 + 3598.88,
      },
    },
    grantedScopes: scopes,
  };
}

/** A flow that fails in each way that a flow can: refused, unanswered, and with a stranger's claims. */
export function failingFlow(name = 'a revoked account'): FlowReport {
  return {
    ...passingFlow(name),
    kind: 'account',
    startedAt: startedAt + 400,
    durationMs: 30_340,
    outcome: 'fail',
    checks: [
      check('refresh.grant', {
        title: 'the refresh works',
        outcome: 'fail',
        expected: '200 with an access token',
        seen: '400 invalid_grant: Token has been expired or revoked.',
        error: 'invalid_grant',
        causes: [
          {
            cause: 'access_revoked',
            likelihood: 'likely',
            why: 'Google says so of a grant that the person took back, or that reached its end.',
            fix: ['Sign in again: gsac login.', 'Web: ask for the code anew.'],
          },
          {
            cause: 'testing_grant_expired',
            likelihood: 'possible',
            why: 'Grants of an app in Testing end after 7 days.',
            fix: ['Publish the app.'],
          },
        ],
        durationMs: 51,
        requests: [0],
      }),
      check('id_token.hosted_domain', {
        title: 'the account is of the expected domain',
        outcome: 'fail',
        expected: 'example.com',
        seen: `${nasty.script} ${nasty.xml} ${nasty.hidden}`,
        startedMs: 60,
      }),
      check('drive.folder', {
        title: 'the access token reads the application data folder',
        outcome: 'fail',
        expected: '200',
        seen: `no answer\n${nasty.yaml}`,
        error: 'network_timeout',
        startedMs: 300,
        durationMs: 30_000,
        requests: [1],
      }),
      check('refresh.identity', {
        title: 'the refresh keeps the identity',
        outcome: 'skip',
        skip: 'blocked',
        seen: 'refresh.grant failed # before',
      }),
    ],
    requests: [
      request(400, {
        status: 400,
        durationMs: 51,
        responseBody:
          '{\n  "error": "invalid_grant",\n  "error_description": "Token has been expired or revoked."\n}',
      }),
      request(700, {
        method: 'GET',
        url: `https://www.googleapis.com/drive/v3/files/appfolder?q=${nasty.script}`,
        requestBody: undefined,
        durationMs: 30_000,
        status: undefined,
        responseHeaders: [],
        responseBody: '',
        failure: 'No answer within 30 seconds.',
      }),
      request(30_710, {
        url: 'not a URL at all \ud800',
        status: 502,
        responseHeaders: [['content-type', 'text/html']],
        responseBody: `<html>${nasty.script}</html>${nasty.hidden}`,
      }),
    ],
    idToken: {
      verdict: 'invalid',
      header: { alg: 'none' },
      claims: {
        name: nasty.script,
        hd: nasty.hidden,
        nested: { list: [nasty.xml] },
        exp: 8.64e18,
        iat: 'yesterday',
      },
    },
  };
}

/** A flow in which nothing failed but a check could not run, and the same where its end was expected. */
export function blockedFlows(): readonly [fails: FlowReport, passes: FlowReport] {
  const skip = { outcome: 'skip', expected: 'tester@example.com' } as const;
  const flow: FlowReport = {
    ...passingFlow('without an ID token'),
    outcome: 'fail',
    checks: [
      check('code.accepted'),
      check('identity.email', { ...skip, skip: 'blocked', seen: 'no ID token says so' }),
      check('code.replay', { ...skip, skip: 'not_asked', seen: 'nobody asked' }),
      check('id_token.present', { ...skip, skip: 'not_applicable', seen: 'no ID token was due' }),
    ],
  };
  return [flow, { ...flow, outcome: 'pass' }];
}

/** Flows that repeat an entry of a plan; those of these numbers, from 1, fail. */
export function repeats(count: number, failing: readonly number[] = [], entry = 0): FlowReport[] {
  return Array.from({ length: count }, (_none, at) => {
    const make = failing.includes(at + 1) ? failingFlow : passingFlow;
    const flow = make(`load #${at + 1}`);
    return { ...flow, durationMs: 42 + at, series: { entry, name: 'load' } };
  });
}

/** A report of these flows. */
export function reportOf(...flows: readonly FlowReport[]): VerifyReport {
  return {
    version: '1.2.3',
    plan: flows.length === 1 ? undefined : 'plans/nightly.yaml',
    startedAt,
    durationMs: 30_740.5,
    outcome: flows.some(({ outcome }) => outcome === 'fail') ? 'fail' : 'pass',
    flows,
  };
}

/** A plan of many flows, every tenth of which fails. */
export function largeReport(count: number): VerifyReport {
  return reportOf(
    ...Array.from({ length: count }, (_none, at) =>
      at % 10 === 9 ? failingFlow(`flow ${at + 1}`) : passingFlow(`flow ${at + 1}`),
    ),
  );
}
