import type { CheckResult, CheckVerdict, FlowKind } from '../model.js';

/** Where a flow began, as a phrase. */
export const beginnings: Readonly<Record<FlowKind, string>> = {
  code: 'a serverAuthCode',
  account: 'a stored account',
  browser: 'a sign-in in the browser',
  emulator: 'a sign-in at the emulator',
};

/** A duration in milliseconds for people: `43 ms`, `1.24 s`, `2 min 5 s`. */
export function spokenDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A time in epoch milliseconds for people, UTC: `2026-11-22 23:07:05 UTC`. */
export function spokenTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `1 check`, `2 checks`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** How checks ended: `11 passed, 1 failed, 3 could not run, 2 skipped`; what is none is left out. */
export function spokenCounts(counts: Readonly<Record<CheckVerdict, number>>): string {
  const parts = [
    ...(counts.pass > 0 ? [`${counts.pass} passed`] : []),
    ...(counts.fail > 0 ? [`${counts.fail} failed`] : []),
    ...(counts.error > 0 ? [`${counts.error} could not run`] : []),
    ...(counts.skip > 0 ? [`${counts.skip} skipped`] : []),
  ];
  return parts.length === 0 ? 'no checks' : parts.join(', ');
}

/** What is said of a check that was to run. */
export function couldNotRun({ seen }: Pick<CheckResult, 'seen'>): string {
  return `could not run: ${seen}`;
}

/** Milliseconds to a tenth, as documents carry durations. */
export function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** Whose flow it was: the address, else the subject; undefined where that never came out. */
export function nameAccount(
  account: { readonly sub: string | null; readonly email: string | null } | null,
): string | undefined {
  return account?.email ?? account?.sub ?? undefined;
}
