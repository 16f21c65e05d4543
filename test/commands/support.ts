import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type ErrorCode, errorExitCodes } from '../../src/core/errors.js';
import type { Fetch } from '../support/run.js';
import { type Desk, emulatorFetch, type Ran } from '../support/run.js';

/** The scopes of a usual sign-in, as Google expands them. */
export const usualScopes = [
  'https://www.googleapis.com/auth/userinfo.email',
  'https://www.googleapis.com/auth/userinfo.profile',
  'openid',
  'https://www.googleapis.com/auth/drive.appdata',
];

/** Begins like a sentence, a path or a name, never with a lower-case word, and ends like one. */
const wholeSentence = /^(?!(?!gsac )[a-z]+[ ,]).*[.?!)]$/s;

/**
 * Holds a failed run of `--json` to the contract: nothing on stdout, one line on stderr whose code
 * is of the closed list and leads to this exit code, whole sentences.
 */
export function expectFailure(ran: Ran, code: ErrorCode) {
  expect(ran.stdout).toBe('');
  const lines = ran.stderr.split('\n');
  expect(lines, ran.stderr).toHaveLength(2);
  expect(lines[1]).toBe('');
  const error = ran.error();
  expect(error, ran.stderr).toMatchObject({ code, message: expect.stringMatching(wholeSentence) });
  expect(ran.exitCode).toBe(errorExitCodes[code]);
  if (code !== 'cancelled') expect(error.hint).toMatch(wholeSentence);
  return error;
}

/** Holds a failed run without `--json` to the contract. */
export function expectHumanFailure(ran: Ran, code: ErrorCode): void {
  expect(ran.stdout).toBe('');
  expect(ran.stderr).toMatch(
    /(^|\n)gsac: error: [^\n]+(\n {6}[^\n]+)*[.?!)]\ngsac: hint: [^\n]+(\n {6}[^\n]+)*[.?!)]\n(gsac: most often: [^\n]+\n( {6}[^\n]+\n)*)?(gsac: (certain|likely) cause: [\w-]+\n(gsac: {3}[^\n]+\n( {10}[^\n]+\n)*)*)?$/,
  );
  expect(ran.stderr).not.toMatch(/^\s+at /m);
  expect(ran.exitCode).toBe(errorExitCodes[code]);
}

/** How often the token endpoint was asked. */
export function tokenRequests(desk: Desk): number {
  return desk.emulator.requests.count('/token');
}

/** The form of the last request to the token endpoint, as it was sent. */
export function lastForm(desk: Desk): Readonly<Record<string, string>> {
  return desk.emulator.requests.list('/token').at(-1)?.form ?? {};
}

/** The emulator, with the clock moved on by what every failed request would have cost. */
export function slowFetch(desk: Desk, seconds: number): Fetch {
  const ask = emulatorFetch(desk.emulator);
  return async (url, init) => {
    const answer = await ask(url, init);
    if (answer.status >= 400) desk.now += seconds * 1000;
    return answer;
  };
}

/** A network that is not there; the clock moves on so that nothing is tried again. */
export function deadFetch(desk: Desk, code = 'ECONNREFUSED'): Fetch {
  return async () => {
    desk.now += 3_600_000;
    throw Object.assign(new TypeError('fetch failed'), { cause: { code } });
  };
}

/** Lets an ordinary user in everywhere, so that what a test closes afterwards is all that is closed. */
export function openHome({ home }: Desk): void {
  chmodSync(dirname(home), 0o755);
  for (const name of ['.', ...readdirSync(home, { recursive: true, encoding: 'utf8' })]) {
    const path = join(home, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o777 : 0o644);
  }
}

/** The refresh tokens that are alive at the emulator. */
export function liveRefreshTokens(desk: Desk): string[] {
  return desk.emulator.state.grants.map(({ refreshToken }) => refreshToken);
}

/** Every control character and every one that reorders text, but the line end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const rawControl = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/u;

/** Text that would steer a terminal: ESC, BEL, CR, C1, bidi overrides, line separators. */
export const hostile = 'a\u001b[2Jb\u0007c\rd\u009be\u202ef\u2066g\u2028h\u061ci';
