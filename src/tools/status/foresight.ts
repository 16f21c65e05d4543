import type { AccountRecord } from '../../core/account.js';
import { expandScope } from '../../core/scopes.js';

/** What the OAuth consent screen of a project says of it. */
export type PublishingStatus = 'testing' | 'production';

/** Why a refresh token ends by itself. */
export type ForeseenReason = 'stated_expiry' | 'testing_seven_days' | 'six_months_unused';

/** The end of a refresh token as far as it is known without asking Google. */
export interface ForeseenEnd {
  /** Epoch milliseconds. */
  at: number;
  reason: ForeseenReason;
  /** `stated` by Google, or `foreseen` from its rules. */
  certainty: 'stated' | 'foreseen';
  /** What it was concluded from, a sentence. */
  detail: string;
  /** What to do about it. */
  fix: string;
}

/** An account as foresight sees it; when the token was issued may be unknown. */
export type Foreseeable = Omit<AccountRecord, 'issuedAt'> & { issuedAt: number | null };

/** What is known beside the account itself. */
export interface Surroundings {
  /** What the person says of the project; undefined where nothing was said. */
  publishingStatus: PublishingStatus | undefined;
  /** All stored accounts: those of the same project witness whether it is in Testing. */
  accounts: readonly AccountRecord[];
}

/** What may end a refresh token: one rule of Google's, as an entry that is read. */
export interface EndRule {
  reason: ForeseenReason;
  /** Why this ends a token. */
  why: string;
  source: string;
  /** The end that this rule sets, or undefined where it does not apply. */
  end: (account: Foreseeable, around: Surroundings) => Omit<ForeseenEnd, 'reason'> | undefined;
}

const dayMs = 86_400_000;
/** A grant of an app in Testing; `refresh_token_expires_in` says 604799 then. */
const testingMs = 7 * dayMs;
/** How far a stated lifetime may be from seven days and still be that of Testing. */
const testingToleranceMs = 600_000;

/**
 * What else six months without use bring: a client that nobody used at the token or authorization
 * endpoint is deleted, and with it every token of every account. Google announces it by email 30 days
 * before, and such a client can be restored for 30 days.
 */
export const unusedClient = {
  why: 'Google deletes OAuth clients that nobody used for six months; no account of this client was used later, as far as this machine knows.',
  source: 'https://support.google.com/cloud/answer/15549257#unused-client-deletion',
} as const;

const signIn = 'Sign in again and exchange the new code.';
const publish = `${signIn} Once the app is in production (Cloud console, Audience, Publish app), its tokens no longer end after seven days.`;

/** Scopes that Google exempts from the seven days. */
const exemptScopes: ReadonlySet<string> = new Set(
  ['openid', 'email', 'profile'].map((scope) => expandScope(scope)),
);

/** Google's rules for the end of a refresh token, as far as time alone brings it. */
export const endRules: readonly EndRule[] = [
  {
    reason: 'stated_expiry',
    why: 'Google stated the lifetime of the refresh token when it gave it.',
    source: 'https://developers.google.com/identity/protocols/oauth2/web-server#offline',
    end(account) {
      const at = account.refreshTokenExpiresAt;
      if (at === null) return undefined;
      const testing = isSevenDays(account) && !onlyExempt(account.scopes);
      return {
        at,
        certainty: 'stated',
        detail: `Google stated it (refresh_token_expires_in)${testing ? '; seven days are the lifetime of an app in Testing' : ''}.`,
        fix: testing ? publish : signIn,
      };
    },
  },
  {
    reason: 'testing_seven_days',
    why: 'Refresh tokens of an app in Testing end after seven days, unless the app asks only for name, email address and profile.',
    source: 'https://developers.google.com/identity/protocols/oauth2#expiration',
    end(account, around) {
      const { issuedAt, refreshTokenExpiresAt, scopes } = account;
      if (issuedAt === null || refreshTokenExpiresAt !== null || onlyExempt(scopes)) {
        return undefined;
      }
      const because = whyTesting(account, around);
      if (because === undefined) return undefined;
      return {
        at: issuedAt + testingMs,
        certainty: 'foreseen',
        detail: `Seven days after its issue, as for every app in Testing: ${because}.`,
        fix: publish,
      };
    },
  },
  {
    reason: 'six_months_unused',
    why: 'A refresh token that nobody used for six months stops working.',
    source: 'https://developers.google.com/identity/protocols/oauth2#expiration',
    end({ key, clientId, issuedAt, lastUsedAt }, { accounts }) {
      const from = lastUsedAt ?? issuedAt;
      if (from === null) return undefined;
      const since = lastUsedAt === null ? 'its issue, since it was never used.' : 'its last use.';
      const usedLater = accounts.some(
        (other) =>
          other.key !== key &&
          other.clientId === clientId &&
          (other.lastUsedAt ?? other.issuedAt) > from,
      );
      return {
        at: addMonths(from, 6),
        certainty: 'foreseen',
        detail: `Six months after ${since}${usedLater ? '' : ` ${unusedClient.why}`}`,
        fix: 'Run `gsac refresh` for this account: each use postpones the end.',
      };
    },
  },
];

/**
 * The end of an account's refresh token: the earliest of the rules' ends. An end that the account
 * was used after is refuted and left out. Undefined where nothing is known to conclude from.
 *
 * It does not foresee what people do: revoking access, a changed password (Gmail scopes), a hundred
 * newer tokens, a deleted client.
 */
export function foreseeEnd(account: Foreseeable, around: Surroundings): ForeseenEnd | undefined {
  const ends = endRules.flatMap(({ reason, end }) => {
    const found = end(account, around);
    const isRefuted = found !== undefined && (account.lastUsedAt ?? 0) > found.at;
    return found === undefined || isRefuted ? [] : [{ reason, ...found }];
  });
  return ends.sort((one, other) => one.at - other.at)[0];
}

function whyTesting(account: Foreseeable, around: Surroundings): string | undefined {
  if (around.publishingStatus === 'production') return undefined;
  if (around.publishingStatus === 'testing') return 'you said that its project is in Testing';
  const project = projectOf(account);
  // The newest says most: an app may have been published since.
  const [newest] = around.accounts
    .filter((other) => projectOf(other) === project && tellsStatus(other))
    .sort((one, other) => other.issuedAt - one.issuedAt);
  return newest !== undefined && isSevenDays(newest)
    ? `Google gave ${newest.email ?? newest.key}, of the same project, seven days`
    : undefined;
}

/** Whether an account's own history says anything of its project's publishing status. */
function tellsStatus(account: AccountRecord): boolean {
  if (onlyExempt(account.scopes)) return false;
  const { issuedAt, lastUsedAt } = account;
  return isSevenDays(account) || (lastUsedAt !== null && lastUsedAt > issuedAt + testingMs);
}

function isSevenDays({ issuedAt, refreshTokenExpiresAt }: Foreseeable): boolean {
  if (issuedAt === null || refreshTokenExpiresAt === null) return false;
  return Math.abs(refreshTokenExpiresAt - issuedAt - testingMs) <= testingToleranceMs;
}

/** Unknown scopes (an empty list) are not taken for exempt ones. */
function onlyExempt(scopes: readonly string[]): boolean {
  return scopes.length > 0 && scopes.every((scope) => exemptScopes.has(expandScope(scope)));
}

/** Publishing status belongs to the project, whose number a client ID begins with. */
function projectOf({ clientId }: Foreseeable): string {
  return /^(\d+)-/.exec(clientId)?.[1] ?? clientId;
}

/** Calendar months later, in UTC; the last day of a month where the same day does not exist. */
function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
