import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Case, Stage } from '../../../src/core/diagnosis.js';
import { diagnose } from '../../../src/tools/explain/diagnose.js';

const likelihoods = ['possible', 'likely', 'certain'];

/** How sure a cause is: -1 where it is not named. */
function sureness(given: Case, cause: string): number {
  const named = diagnose(given).find((one) => one.cause === cause);
  return named === undefined ? -1 : likelihoods.indexOf(named.likelihood);
}

interface Failure {
  id: string;
  stage: Stage;
  observed: { body: string | null; other: string | null };
  context: { notes: string | null };
  cause_class: string;
}

const failures = [
  'recorded',
  'written',
  'fresh',
  'collected',
  'latest',
  'judged',
  'searched',
].flatMap((name) =>
  readFileSync(new URL(`../../fixtures/failures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Failure),
);

/** What each rule takes for evidence of its cause in a person's own words. */
const ownWords = failures.flatMap(({ id, stage, observed, context, cause_class: cause }) => {
  const text = [observed.body, observed.other].filter((one) => one !== null).join('\n');
  const given = { stage, observed: text };
  const named = diagnose({ ...given, notes: context.notes ?? '' }).find(
    (one) => one.cause === cause,
  );
  const quoted = named?.evidence.flatMap((one) => /^you say "(.*[^…])"$/.exec(one)?.[1] ?? []);
  return (quoted ?? []).map((words) => [cause, words, id, given] as const);
});

describe('what a person rules out', () => {
  it('has words of most causes to go by', () => {
    expect(new Set(ownWords.map(([cause]) => cause)).size).toBeGreaterThan(60);
  });

  it.each(ownWords)(
    'never raises %s: "%s" (%s), denied in three ways',
    (cause, words, _, given) => {
      const without = sureness(given, cause);
      for (const notes of [
        `It is not true that ${words}.`,
        `${words}: ruled out.`,
        `We looked into it, and ${words} is not the cause.`,
      ]) {
        expect(sureness({ ...given, notes }, cause), notes).toBeLessThanOrEqual(without);
      }
    },
  );

  it.each([
    ['the password was not changed', 'password-changed'],
    ['nobody changed the password', 'password-changed'],
    ['the password is unchanged', 'password-changed'],
    ['no proxy', 'proxy-not-used'],
    ['there is no proxy or firewall', 'proxy-not-used'],
    ['the clock is right', 'clock-behind'],
    ['I checked the clock', 'clock-behind'],
    ['it was used last week, so not the six months', 'six-months-unused'],
    ['the app is no longer in testing', 'testing-seven-days'],
    ['the user did not remove the access', 'access-revoked-by-user'],
    ['the secret was never rotated', 'client-secret-wrong'],
    ['the SHA-1 is correct', 'android-signing-cert-mismatch'],
    ["we don't exchange the code twice", 'code-already-redeemed'],
    ['some people', 'scope-declined-by-user'],
    ['I typed it by hand', 'client-json-unwrapped'],
    ['the same code works elsewhere', 'restored-signin-stale-code'],
    ['I used the playground to look at the scopes', 'refresh-client-mismatch'],
    ['I have signed in before', 'refresh-token-omitted-repeat-consent'],
  ])('%s is no evidence for %s', (notes, cause) => {
    for (const stage of ['exchange', 'refresh', 'verify', 'signin-config'] as const) {
      for (const observed of ['invalid_grant', 'it fails']) {
        const given = { stage, observed };
        expect(sureness({ ...given, notes }, cause)).toBeLessThanOrEqual(sureness(given, cause));
      }
    }
  });

  it.each([
    ['the user changed the password', 'password-changed', 'refresh'],
    ['I cannot sign in since the password was changed', 'password-changed', 'refresh'],
    ['not sure, but the password was changed', 'password-changed', 'refresh'],
    ['the app is not published', 'testing-seven-days', 'refresh'],
    ['it does not work behind the company proxy', 'proxy-not-used', 'exchange'],
  ] as const)('%s is evidence for %s, but does not prove it', (notes, cause, stage) => {
    const observed = stage === 'refresh' ? 'invalid_grant' : 'connect ETIMEDOUT';
    expect(sureness({ stage, observed, notes }, cause)).toBe(likelihoods.indexOf('likely'));
  });
});
