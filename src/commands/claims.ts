import { Command } from 'commander';
import { checkIdToken, defaultClockToleranceSeconds } from '../accounts/id-token-check.js';
import { openAccount } from '../accounts/open.js';
import { readSession, refreshNow } from '../accounts/refresh.js';
import { collect, readDuration } from '../cli/flags.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import { describeAccount } from '../core/account.js';
import type { Diagnosis } from '../core/diagnosis.js';
import { type Endpoints, googleEndpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { type Check, decodeIdToken, type Verdict } from '../core/id-token.js';
import { localTime, relativeTime } from '../core/times.js';
import { clean } from '../terminal/clean.js';
import { renderChecks, renderPairs, renderVerdict } from '../terminal/layout.js';

/** The flags of `gsac claims`. */
export interface ClaimsOptions {
  /** Any JWT, `-` for stdin; undefined for the account's ID token. */
  idToken: string | undefined;
  audiences: readonly string[];
  nonce: string | undefined;
  hostedDomain: string | undefined;
  requireEmailVerified: boolean;
  verify: boolean;
  refresh: boolean;
  clockToleranceSeconds: number;
}

/** The JSON document of `gsac claims`. */
export interface ClaimsResult {
  verdict: Verdict;
  checks: Check[];
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** The likely causes of failed checks; empty where none failed. */
  diagnosis: Diagnosis[];
}

/** An ID token with what it is held against by default. */
interface Subject {
  idToken: string;
  endpoints: Endpoints;
  audiences: readonly string[];
  accessToken?: string | undefined;
}

/** Longest ID token that is read from stdin, in bytes. */
const maxTokenBytes = 65_536;

/** Declares `gsac claims`. */
export function claimsCommand(runtime: Runtime, run = runClaims): Command {
  return new Command('claims')
    .summary('show an ID token with a verdict on each check')
    .description(
      'Show the claims of the account’s ID token, or of any other, with a verdict on each check. ' +
        'Exits with 6 if a check fails; the claims are printed in any case.',
    )
    .option('--id-token <jwt>', 'this token instead of the account’s; - for stdin')
    .option(
      '--audience <client-id>',
      'accepted audience, repeatable (default: the client’s ID)',
      collect,
    )
    .option('--nonce <nonce>', 'the nonce of the authorization request')
    .option('--hosted-domain <domain>', 'the Workspace domain (hd) that it must be of')
    .option('--require-email-verified', 'judge email_verified, too')
    .option(
      '--clock-tolerance <time>',
      'leeway for clocks',
      `${defaultClockToleranceSeconds / 60}m`,
    )
    .option('--no-verify', 'only decode; the verdict is "unverified"')
    .option('--refresh', 'ask Google for a new ID token first')
    .addHelpText(
      'after',
      '\nExample:\n  $ pbpaste | gsac claims --id-token - \\\n      --audience 1234-abc.apps.googleusercontent.com',
    )
    .action((flags: ClaimsFlags, command: Command) =>
      runtime.run(command, (provided) => run(readOptions(flags), provided), renderClaims),
    );
}

/** The flags as commander gives them. */
interface ClaimsFlags
  extends Partial<Omit<ClaimsOptions, 'audiences' | 'verify' | 'clockToleranceSeconds'>> {
  audience?: string[];
  verify: boolean;
  clockTolerance: string;
}

function readOptions(flags: ClaimsFlags): ClaimsOptions {
  const { idToken, audience: audiences = [], nonce, hostedDomain, verify } = flags;
  const { requireEmailVerified = false, refresh = false, clockTolerance } = flags;
  const bounds = { most: 86_400_000 };
  const clockToleranceSeconds = readDuration(clockTolerance, '--clock-tolerance', bounds) / 1000;
  if (idToken !== undefined && refresh) {
    throw new GsacError('usage', '--refresh is for an account, and --id-token names none.');
  }
  const expected = [...audiences, nonce, hostedDomain].some((value) => value !== undefined);
  if (!verify && (expected || requireEmailVerified)) {
    throw new GsacError('usage', '--no-verify judges nothing, so no expectation goes with it.', {
      hint: 'Leave out --no-verify, or --audience, --nonce, --hosted-domain and --require-email-verified.',
    });
  }
  return {
    idToken,
    audiences,
    nonce,
    hostedDomain,
    requireEmailVerified,
    verify,
    refresh,
    clockToleranceSeconds,
  };
}

/** Decodes and judges an ID token. @throws {GsacError} exits 2 to 5. */
export async function runClaims(
  options: ClaimsOptions,
  work: Provided,
): Promise<Outcome<ClaimsResult>> {
  if (!options.verify) return decodeOnly(options, work);
  const subject =
    options.idToken === undefined
      ? await accountSubject(work, options.refresh)
      : await givenSubject(work, await readIdToken(work, options.idToken));
  const token = decodeIdToken(subject.idToken);
  const { verdict, checks } = await checkIdToken(work, token, subject.endpoints, {
    ...options,
    audiences: options.audiences.length > 0 ? options.audiences : subject.audiences,
    accessToken: subject.accessToken,
    keysRequired: true,
  });
  const failed = verdict === 'invalid' || verdict === 'expired';
  const { header, claims } = token;
  const diagnosis = await work.context.diagnose.checks(checks);
  return { result: { verdict, checks, header, claims, diagnosis }, exitCode: failed ? 6 : 0 };
}

/** Needs no client, no keys and no network, so that it works anywhere. */
async function decodeOnly(options: ClaimsOptions, work: Provided): Promise<Outcome<ClaimsResult>> {
  const idToken =
    options.idToken === undefined
      ? (await accountSubject(work, options.refresh)).idToken
      : await readIdToken(work, options.idToken);
  const { header, claims } = decodeIdToken(idToken);
  return { result: { verdict: 'unverified', checks: [], header, claims, diagnosis: [] } };
}

async function readIdToken({ context }: Provided, given: string): Promise<string> {
  return given === '-' ? context.readStdin(maxTokenBytes) : given;
}

async function accountSubject(work: Provided, refresh: boolean): Promise<Subject> {
  const opened = await openAccount(work);
  const { account, credential, endpoints } = opened;
  const cached = refresh ? undefined : await readSession(work, opened);
  const session = cached?.idToken === undefined ? (await refreshNow(work, opened)).session : cached;
  if (session.idToken === undefined) {
    const what = `Google gave no ID token for ${describeAccount(account)}.`;
    throw new GsacError('id_token_absent', what, {
      hint: 'Ask for the scopes openid and email in the app, sign in again and exchange the new code.',
    });
  }
  if (refresh && session.idTokenIsOlder) {
    work.context.notices.warn(
      'The refresh brought no ID token; this is the one from before.',
      'A new sign-in brings a new one.',
    );
  }
  return {
    idToken: session.idToken,
    endpoints,
    audiences: [credential.clientId],
    // Its at_hash is of the access token that it came with.
    accessToken: session.idTokenIsOlder ? undefined : session.accessToken,
  };
}

/** A token from elsewhere is held against the client that is named, else against the account's. */
async function givenSubject(work: Provided, idToken: string): Promise<Subject> {
  decodeIdToken(idToken);
  const named = await work.context.client();
  if (named !== undefined) {
    return { idToken, endpoints: named.endpoints, audiences: [named.client.clientId] };
  }
  if (work.context.globals.account === undefined) {
    return { idToken, endpoints: googleEndpoints, audiences: [] };
  }
  const { credential, endpoints } = await openAccount(work);
  return { idToken, endpoints, audiences: [credential.clientId] };
}

const firstClaims = [
  'sub',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'picture',
  'locale',
] as const;
const timeClaims: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'auth_time']);

/** What people read of an ID token. */
export function renderClaims(result: ClaimsResult, { style, now, isTty }: RenderContext): string {
  const paint = style();
  const names = [
    ...firstClaims.filter((name) => name in result.claims),
    ...Object.keys(result.claims).filter((name) => !firstClaims.some((first) => first === name)),
  ];
  const pairs = names.map((name): [string, string] => [
    clean(name),
    renderClaim(name, result.claims[name], now),
  ]);
  const verdict = renderVerdict(result.verdict, paint);
  const how =
    result.verdict === 'unverified' && result.checks.length === 0
      ? ' (only decoded; anyone can make such a token)'
      : '';
  return `${renderPairs(pairs, paint, isTty())}\n${paint.heading('verdict')}  ${verdict}${how}\n${renderChecks(result.checks, paint, isTty())}`;
}

function renderClaim(name: string, value: unknown, now: number): string {
  if (timeClaims.has(name) && typeof value === 'number' && Math.abs(value) < 8.64e12) {
    const at = value * 1000;
    return `${localTime(at)} (${relativeTime(at, now)})`;
  }
  return clean(typeof value === 'string' ? value : JSON.stringify(value));
}
