import { describe, expect, it } from 'vitest';
import type { AccountRecord } from '../../../src/core/account.js';
import {
  endRules,
  type Foreseeable,
  foreseeEnd,
  unusedClient,
} from '../../../src/tools/status/foresight.js';

const day = 86_400_000;
const issuedAt = Date.UTC(2026, 0, 15, 12);
const appData = 'https://www.googleapis.com/auth/drive.appdata';
const basic = ['openid', 'email', 'https://www.googleapis.com/auth/userinfo.profile'];

function account(fields: Partial<AccountRecord> = {}): AccountRecord {
  return {
    key: '111-web.apps.googleusercontent.com/1',
    sub: '1',
    email: 'one@example.com',
    clientId: '111-web.apps.googleusercontent.com',
    scopes: ['openid', appData],
    store: 'file',
    issuedAt,
    lastUsedAt: null,
    refreshTokenExpiresAt: null,
    ...fields,
  };
}

const other = (fields: Partial<AccountRecord>) =>
  account({ key: 'other', email: 'other@example.com', sub: '2', ...fields });
const sevenDays = { refreshTokenExpiresAt: issuedAt + 604_799_000 };

function foresee(
  one: Foreseeable,
  around: { said?: 'testing' | 'production'; others?: AccountRecord[] } = {},
) {
  return foreseeEnd(one, { publishingStatus: around.said, accounts: around.others ?? [] });
}

const at = (iso: string) => Date.parse(iso);

describe('the end that Google stated', () => {
  it('is taken as it is, and seven days are named as those of Testing', () => {
    expect(foresee(account(sevenDays))).toMatchObject({
      at: issuedAt + 604_799_000,
      reason: 'stated_expiry',
      certainty: 'stated',
      detail: expect.stringContaining('Testing'),
      fix: expect.stringContaining('Publish app'),
    });
  });

  it('does not make an app that asks for name and address alone one in Testing', () => {
    const end = foresee(account({ ...sevenDays, scopes: basic }));
    expect(end?.reason).toBe('stated_expiry');
    expect(end?.detail).not.toContain('Testing');
  });

  it('gives way to six months without use where those end earlier', () => {
    const end = foresee(account({ refreshTokenExpiresAt: issuedAt + 365 * day }));
    expect(end).toMatchObject({ reason: 'six_months_unused', at: at('2026-07-15T12:00:00Z') });
  });

  it('is refuted by a use after it', () => {
    const end = foresee(account({ ...sevenDays, lastUsedAt: issuedAt + 8 * day }));
    expect(end?.reason).toBe('six_months_unused');
  });
});

describe('seven days in Testing', () => {
  it('are foreseen where the project is said to be in Testing', () => {
    expect(foresee(account(), { said: 'testing' })).toMatchObject({
      at: issuedAt + 7 * day,
      reason: 'testing_seven_days',
      certainty: 'foreseen',
    });
  });

  type Around = Parameters<typeof foresee>[1];
  const newer = issuedAt + 30 * day;
  const elsewhere = (clientId: string): Around => ({ others: [other({ ...sevenDays, clientId })] });
  it.each<[string, Partial<AccountRecord>, Around, string]>([
    ['not for name and address', { scopes: basic }, { said: 'testing' }, 'six_months_unused'],
    ['not for openid', { scopes: ['openid'] }, { said: 'testing' }, 'six_months_unused'],
    ['if the scopes are unknown', { scopes: [] }, { said: 'testing' }, 'testing_seven_days'],
    [
      'not from an account of another project',
      {},
      elsewhere('222-web.apps.googleusercontent.com'),
      'six_months_unused',
    ],
    [
      'not if a newer account of the project outlived them',
      {},
      { others: [other(sevenDays), other({ issuedAt: newer, lastUsedAt: newer + 8 * day })] },
      'six_months_unused',
    ],
    [
      'not against the word of the person',
      {},
      { said: 'production', others: [other(sevenDays)] },
      'six_months_unused',
    ],
    [
      'not if it was used after them',
      { lastUsedAt: issuedAt + 9 * day },
      { said: 'testing' },
      'six_months_unused',
    ],
  ])('are foreseen: %s', (_when, fields, around, reason) => {
    expect(foresee(account(fields), around)?.reason).toBe(reason);
  });

  it('are foreseen if Google gave them to another account of the project', () => {
    expect(foresee(account(), elsewhere('111-other.apps.googleusercontent.com'))).toMatchObject({
      reason: 'testing_seven_days',
      detail: expect.stringContaining('other@example.com'),
    });
  });

  it('cannot be counted where the time of issue is unknown', () => {
    const unknown = { ...account(), issuedAt: null };
    expect(foresee(unknown, { said: 'testing' })).toBeUndefined();
  });
});

describe('six months without use', () => {
  it('count from the last use, else from the issue', () => {
    expect(foresee(account())?.at).toBe(at('2026-07-15T12:00:00Z'));
    const used = account({ lastUsedAt: at('2026-03-01T08:30:00Z') });
    expect(foresee(used)?.at).toBe(at('2026-09-01T08:30:00Z'));
  });

  it.each([
    ['if no other account is known', [], true],
    ['if another of the client was used earlier', [other({ lastUsedAt: issuedAt - day })], true],
    ['not if another of the client was used later', [other({ lastUsedAt: issuedAt + day })], false],
    [
      'if one of another client was',
      [other({ clientId: '111-b', issuedAt: issuedAt + day })],
      true,
    ],
  ])('end the client, too: %s', (_when, others, isClientUnused) => {
    const end = foresee(account(), { others: [account(), ...others] });
    expect(end?.detail.includes(unusedClient.why)).toBe(isClientUnused);
  });

  it('end with the month where it is too short', () => {
    const used = account({ lastUsedAt: at('2026-08-31T10:00:00Z') });
    expect(foresee(used)?.at).toBe(at('2027-02-28T10:00:00Z'));
  });
});

it('names every rule with a reason and a source', () => {
  expect(new Set(endRules.map(({ reason }) => reason)).size).toBe(endRules.length);
  for (const { why, source } of endRules) {
    expect(why).toMatch(/\.$/);
    expect(source).toMatch(/^https:\/\/developers\.google\.com\//);
  }
});
