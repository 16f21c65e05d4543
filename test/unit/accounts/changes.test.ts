import { describe, expect, it } from 'vitest';
import {
  type Change,
  type Entry,
  imported,
  refused,
  removed,
  revoked,
  rotated,
  signedIn,
  used,
} from '../../../src/accounts/changes.js';
import type { AccountRecord, Session } from '../../../src/core/account.js';
import { GsacError } from '../../../src/core/errors.js';
import { sampleCredential } from './support/credential.js';
import { sampleAccount } from './support/samples.js';

const at = 1_700_000_000_000;
const session: Session = {
  accessToken: 'ya29.new',
  tokenType: 'Bearer',
  expiresAt: at + 3_600_000,
  scopes: ['openid'],
  obtainedAt: at,
};
const usage = { at: at + 5, scopes: undefined, refreshTokenExpiresAt: undefined };

/** When Google was asked about a token that is imported: before all else. */
const asked = { askedAt: 2, answeredAt: 3, isNew: false };

/** What a command that began with this entry has in its hands. */
const seen = (entry: Entry) => ({
  account: entry.record ?? sampleAccount({ issuedAt: at - 1 }),
  credential: entry.credential ?? sampleCredential({ refreshToken: 'first' }),
});

function grant(refreshToken: string | undefined, changes: Partial<AccountRecord> = {}) {
  const { refreshToken: _, ...bare } = sampleCredential();
  return {
    account: sampleAccount({ issuedAt: at, ...changes }),
    credential: refreshToken === undefined ? bare : { ...bare, refreshToken },
    scopes: undefined,
    session,
  };
}

/** A change with what it does to the refresh token alone: the sentence of the contract. */
interface Case {
  change: (before: Entry) => Change;
  expected: (token: Token, before: Entry) => Token;
  brings?: true;
}

/** What is stored of an account: nothing, a line without a credential, one without a token, or a token. */
type Token = 'nothing' | 'a line' | undefined | string;

function tokenOf({ record, credential }: Entry): Token {
  if (record === undefined) return 'nothing';
  return credential === undefined ? 'a line' : credential.refreshToken;
}

const signIn = (token: string | undefined, changes: Partial<AccountRecord> = {}): Case => ({
  change: () => signedIn(grant(token, changes)),
  expected: (now) => token ?? (now === 'nothing' || now === 'a line' ? undefined : now),
  ...(token === undefined ? {} : { brings: true }),
});

const cases: Readonly<Record<string, Case>> = {
  'a sign-in with a token': signIn('A'),
  'another, to the keychain': signIn('B', { store: 'keychain' }),
  'a sign-in without one': signIn(undefined),
  'another without one, to the keychain': signIn(undefined, { store: 'keychain' }),
  'a rotation': {
    change: (before) => rotated(seen(before), 'R', usage, session),
    expected: (now, before) => (now === seen(before).credential.refreshToken ? 'R' : now),
  },
  'a refresh': {
    change: (before) => used(seen(before), usage, session),
    expected: (now) => now,
  },
  'a refusal': {
    change: (before) =>
      refused(seen(before), { at, code: 'invalid_grant', message: 'It was revoked.' }),
    expected: (now) => now,
  },
  'an import that Google has taken': {
    change: () => imported(grant('I', { issuedAt: at - 9 }), session, asked),
    expected: () => 'I',
    brings: true,
  },
  'the import of a newer rescued token': {
    change: () => imported(grant('N', { issuedAt: at + 9_999 }), undefined, { force: false }),
    expected: () => 'N',
    brings: true,
  },
  'the import of an older one, forced': {
    change: () => imported(grant('O', { issuedAt: 1 }), undefined, { force: true }),
    expected: () => 'O',
    brings: true,
  },
  'a removal': { change: () => removed, expected: () => 'nothing' },
  'a revocation': {
    change: (before) => revoked(seen(before).credential.refreshToken),
    expected: (now, before) =>
      now === 'a line' || now === seen(before).credential.refreshToken ? 'nothing' : now,
  },
};

const first = sampleCredential({ refreshToken: 'first' });
const { refreshToken: _, ...without } = sampleCredential();
const entries: Readonly<Record<string, Entry>> = {
  nothing: {},
  'a token': { record: sampleAccount({ issuedAt: at - 1 }), credential: first },
  'a token of the same millisecond': { record: sampleAccount({ issuedAt: at }), credential: first },
  'a token from the time to come': {
    record: sampleAccount({ issuedAt: at + 1_000 }),
    credential: first,
  },
  'a token in the keychain': {
    record: sampleAccount({ store: 'keychain', refreshTokensIssued: 3 }),
    credential: first,
  },
  'a token that was refused': {
    record: sampleAccount({
      issuedAt: at + 1_000,
      refused: { at, code: 'invalid_grant', message: 'x' },
    }),
    credential: first,
  },
  'an account without a token': { record: sampleAccount(), credential: without },
  'a line without a credential': { record: sampleAccount() },
};

/** What the book does with a change, in a machine that never fails. */
function apply(now: Entry, change: Change): Entry {
  const view = change.reads === 'record' ? { record: now.record } : now;
  const next = change.to(view);
  if (next === undefined) return now;
  if (next === 'forgotten') return {};
  return { record: next.record ?? now.record, credential: next.credential ?? now.credential };
}

describe('Two changes of one account, in both orders', () => {
  it.each(Object.keys(entries))('leave the token that the contract says: %s', (name) => {
    const before = entries[name] ?? {};
    let pairs = 0;
    for (const [one, first] of Object.entries(cases)) {
      for (const [other, second] of Object.entries(cases)) {
        const middle = apply(before, first.change(before));
        const after = apply(middle, second.change(before));
        const expected = second.expected(first.expected(tokenOf(before), before), before);
        expect(tokenOf(after), `${one}, then ${other}`).toBe(expected);
        pairs += 1;
      }
    }
    expect(pairs).toBe(Object.keys(cases).length ** 2);
  });

  const takers = ['a removal', 'a revocation'];

  it.each(Object.keys(entries))('take no token away that nobody removed: %s', (name) => {
    const before = entries[name] ?? {};
    for (const [one, first] of Object.entries(cases)) {
      for (const [other, second] of Object.entries(cases)) {
        if (takers.includes(one) || takers.includes(other)) continue;
        const after = apply(apply(before, first.change(before)), second.change(before));
        const brought = first.brings || second.brings;
        const hadOne = before.credential?.refreshToken !== undefined;
        if (brought || hadOne) {
          expect(after.credential?.refreshToken, `${one}, then ${other}`).toBeDefined();
        }
      }
    }
  });

  it.each(Object.keys(entries))('bring nothing back that was removed: %s', (name) => {
    const before = entries[name] ?? {};
    for (const late of ['a refresh', 'a rotation', 'a refusal', 'a revocation']) {
      const change = cases[late]?.change(before);
      if (change !== undefined) expect(apply(apply(before, removed), change), late).toEqual({});
    }
  });
});

describe('A change', () => {
  const stored = { record: sampleAccount({ issuedAt: at - 1 }), credential: first };

  it.each(['a refresh', 'a refusal', 'a rotation'])(
    'that comes after a sign-in says nothing of the new token: %s',
    (late) => {
      for (const sameTime of [at - 1, at]) {
        const anew = apply(stored, signedIn(grant('A', { issuedAt: sameTime })));
        const change = cases[late]?.change(stored);
        if (change !== undefined) expect(apply(anew, change)).toBe(anew);
      }
    },
  );

  it('counts the refresh tokens that Google gave out, whatever store they went to', () => {
    const two = apply(apply({}, signedIn(grant('A'))), signedIn(grant('B', { store: 'keychain' })));
    expect(two.record).toMatchObject({ refreshTokensIssued: 2, store: 'keychain' });
    expect(apply(two, imported(grant('I'), undefined, asked)).record?.refreshTokensIssued).toBe(2);
  });

  it('leaves a line that cannot be read as it is, unless it brings a token', () => {
    const broken: Entry = { brokenRecord: true };
    expect(used(seen(stored), usage, session).to(broken)).toEqual({
      session: { sessionKey: first.sessionKey, session },
    });
    expect(refused(seen(stored), { at, code: 'invalid_grant', message: 'x' }).to(broken)).toBe(
      undefined,
    );
    expect(signedIn(grant('A')).to(broken)).toMatchObject({ record: { issuedAt: at } });
  });

  it('writes a rotated token where nobody can read what is stored', () => {
    const unreadable = new GsacError('store_locked', 'It is locked.');
    const next = rotated(seen(stored), 'R', usage, session).to({ ...stored, unreadable });
    expect(next).toMatchObject({ credential: { refreshToken: 'R' } });
    expect(() => signedIn(grant(undefined)).to({ ...stored, unreadable })).toThrow(unreadable);
  });

  it('keeps the token that replaced the imported one while Google was asked', () => {
    const rotatedAt = at + 5;
    const replaced = apply(stored, rotated(seen(stored), 'R', usage, session));
    expect(replaced.record?.issuedAt).toBe(rotatedAt);
    const ask = (askedAt: number, answeredAt: number, isNew = false) =>
      apply(replaced, imported(grant('first'), session, { askedAt, answeredAt, isNew }));
    expect(tokenOf(ask(rotatedAt - 9, rotatedAt + 9))).toBe('R');
    // Asked after it, or before the clock was set back: nothing speaks for the stored one.
    expect(tokenOf(ask(rotatedAt + 1, rotatedAt + 9))).toBe('first');
    expect(tokenOf(ask(rotatedAt - 9, rotatedAt - 5))).toBe('first');
    expect(tokenOf(ask(rotatedAt - 9, rotatedAt + 9, true))).toBe('first');
  });

  it('refuses a rescued token that is older than the one stored, unless that is the same or dead', () => {
    const older = (token = 'O') =>
      imported(grant(token, { issuedAt: at - 2 }), undefined, { force: false });
    expect(() => older().to(stored)).toThrow(/newer refresh token of ada@example\.com is stored/);
    expect(older('first').to(stored)).toMatchObject({ credential: { refreshToken: 'first' } });
    const dead = {
      ...stored.record,
      refused: { at, code: 'invalid_grant' as const, message: 'x' },
    };
    expect(older().to({ ...stored, record: dead })).toBeDefined();
    expect(older().to({ record: stored.record })).toBeDefined();
  });
});
