import type { CheckResult, CheckVerdict, FlowKind, FlowReport } from '../model.js';

/** Where a flow began, as a phrase. */
export const beginnings: Readonly<Record<FlowKind, string>> = {
  code: 'a serverAuthCode',
  account: 'a stored account',
  browser: 'a sign-in with a browser',
  emulator: 'a sign-in at the emulator',
};

/** A duration in milliseconds for people, in tenths of a second: `(1.2 s)`. */
export function inSeconds(milliseconds: number): string {
  return `(${(milliseconds / 1000).toFixed(1)} s)`;
}

/** A duration in milliseconds for people: `43 ms`, `1.24 s`, `2 min 5 s`. */
export function spokenDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Durations from the shortest to the longest: `42–166 ms`, `0.98 s–1.24 s`; one of them if they are alike. */
export function spokenRange(shortest: number, longest: number): string {
  const [from, to] = [spokenDuration(shortest), spokenDuration(longest)];
  if (from === to) return from;
  return /ms$/.test(from) && /ms$/.test(to) ? `${from.slice(0, -3)}–${to}` : `${from}–${to}`;
}

/** A time in epoch milliseconds for people, UTC: `2026-11-22 23:07:05 UTC`. */
export function spokenTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How checks ended: `11 passed, 1 failed, 3 could not run, 2 skipped`; a count of 0 is left out. */
export function spokenCounts(counts: Readonly<Record<CheckVerdict, number>>): string {
  const { pass, fail, error, skip } = counts;
  const parts = { passed: pass, failed: fail, 'could not run': error, skipped: skip };
  const counted = Object.entries(parts).filter(([, count]) => count > 0);
  return counted.map(([word, count]) => `${count} ${word}`).join(', ') || 'no checks';
}

/** What is said of a check that should have run. */
export function couldNotRun({ seen }: Pick<CheckResult, 'seen'>): string {
  return `could not run: ${seen}`;
}

/** Whose flow it was: the address, else the subject; undefined if that is unknown. */
export function nameAccount(account: FlowReport['account']): string | undefined {
  return account?.email ?? account?.sub ?? undefined;
}
