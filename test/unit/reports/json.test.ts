import { describe, expect, it } from 'vitest';
import { toVerifyDocument } from '../../../src/tools/verify/reports/json.js';
import { failingFlow, passingFlow, reportOf } from './support.js';

const round = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe('toVerifyDocument', () => {
  it('names everything in snake_case, with times in UTC and durations in milliseconds', () => {
    const document = round(toVerifyDocument(reportOf(passingFlow('one'), failingFlow('two'))));
    expect(document).toMatchObject({
      version: '1.2.3',
      plan: 'plans/nightly.yaml',
      outcome: 'fail',
      started_at: '2026-11-22T22:07:05.120Z',
      duration_ms: 30_740.5,
      counts: { pass: 7, fail: 3, error: 1, skip: 1 },
      flows: [
        {
          name: 'one',
          kind: 'code',
          account: { sub: '108234567890123456789', email: 'tester@example.com' },
          token_uri: 'https://oauth2.googleapis.com/token',
          outcome: 'pass',
          granted_scopes: [
            'https://www.googleapis.com/auth/drive.appdata',
            'https://www.googleapis.com/auth/userinfo.email',
            'openid',
          ],
          id_token: {
            verdict: 'valid',
            header: { alg: 'RS256' },
            claims: { email_verified: true },
          },
        },
        { name: 'two', outcome: 'fail', started_at: '2026-11-22T22:07:05.520Z' },
      ],
    });
  });

  it('has a check as it was found', () => {
    const { flows } = round(toVerifyDocument(reportOf(failingFlow()))) as {
      flows: { checks: object[]; requests: object[] }[];
    };
    expect(flows[0]?.checks[0]).toEqual({
      id: 'refresh.grant',
      title: 'the refresh works',
      outcome: 'fail',
      expected: '200 with an access token',
      seen: '400 invalid_grant: Token has been expired or revoked.',
      error: 'invalid_grant',
      causes: [
        expect.objectContaining({ cause: 'access_revoked', likelihood: 'likely' }),
        expect.objectContaining({ cause: 'testing_grant_expired', fix: ['Publish the app.'] }),
      ],
      duration_ms: 51,
      started_ms: 0,
      requests: [0],
    });
    expect(flows[0]?.checks[3]).toMatchObject({ outcome: 'skip', skip: 'blocked' });
  });

  it('names requests without their headers and bodies', () => {
    const { flows } = round(toVerifyDocument(reportOf(failingFlow()))) as {
      flows: { requests: object[] }[];
    };
    expect(flows[0]?.requests.slice(0, 2)).toEqual([
      {
        method: 'POST',
        url: 'https://oauth2.googleapis.com/token',
        status: 400,
        started_at: '2026-11-22T22:07:05.520Z',
        duration_ms: 51,
        failure: null,
      },
      expect.objectContaining({ status: null, failure: 'No answer within 30 seconds.' }),
    ]);
  });

  it('says null where there is nothing', () => {
    const flow = { ...passingFlow(), account: null, idToken: null };
    expect(round(toVerifyDocument(reportOf(flow)))).toMatchObject({
      plan: null,
      flows: [{ account: null, id_token: null }],
      warnings: [],
    });
  });
});
