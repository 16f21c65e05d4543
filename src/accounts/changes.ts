import {
  type AccountRecord,
  type Credential,
  describeAccount,
  type RefusedRefresh,
  type Session,
} from '../core/account.js';
import { GsacError } from '../core/errors.js';
import { isoTime } from '../core/times.js';
import type { TokenSet } from '../core/token-answer.js';

/** What is kept of an account at the moment at which a change begins. */
export interface Entry {
  /** Its line in the index; undefined if there is none. */
  record?: AccountRecord | undefined;
  /** Set if the index has a line that cannot be read. */
  brokenRecord?: boolean;
  /** What its store holds, for changes that read it; undefined if the store has nothing. */
  credential?: Credential | undefined;
  /** Why the store could not be read, if it could not. */
  unreadable?: GsacError | undefined;
}

/** A session with the key that it is kept under. */
export interface KeyedSession {
  sessionKey: string;
  session: Session;
}

/** What is written; what is left out stays as it is. */
export interface Written {
  record?: AccountRecord;
  /** Goes to the store that `record` names. */
  credential?: Credential;
  session?: KeyedSession | undefined;
}

/** What a change makes of an entry; undefined leaves all of it as it is. */
export type Next = Written | 'forgotten' | undefined;

/** A change of one account: pure, so that what two of them come to can be tested by tables. */
export interface Change {
  /** Whether the account's store is read first, or the index only. */
  reads: 'record' | 'entry';
  /** Set if a store that cannot be read does not end the change. A torn file never does. */
  evenUnreadable?: boolean;
  /** A refresh token that would be lost if it could not be written. */
  brings?: Granted | undefined;
  /** Set if a line of the index that cannot be written costs nothing but the convenience of it. */
  isConvenience?: true;
  /** @throws {GsacError} if the entry forbids the change; nothing is written then. */
  to(now: Entry): Next;
}

/** An account with what its store is to keep. */
export interface Granted {
  account: AccountRecord;
  credential: Credential;
}

/** What a sign-in brought. */
export interface Grant extends Granted {
  /** The scopes that the answer named; one that names none changes none. */
  scopes: string[] | undefined;
  session: Session | undefined;
}

/**
 * A sign-in. An answer with a refresh token replaces what is stored; one without leaves what is
 * stored alone, and is stored itself only if there is nothing.
 */
export function signedIn({ account, credential, scopes, session }: Grant): Change {
  if (credential.refreshToken !== undefined) {
    return {
      reads: 'record',
      brings: { account, credential },
      to: ({ record }) => ({
        record: {
          ...account,
          alias: record?.alias,
          refreshTokensIssued: (record?.refreshTokensIssued ?? 0) + 1,
        },
        credential,
        session: keyed(credential, session),
      }),
    };
  }
  return {
    reads: 'entry',
    to({ record, credential: stored, unreadable }) {
      if (unreadable !== undefined) throw unreadable;
      const refreshTokensIssued = record?.refreshTokensIssued ?? 0;
      if (stored === undefined) {
        const fresh = { ...account, alias: record?.alias, refreshTokensIssued };
        return { record: fresh, credential, session: keyed(credential, session) };
      }
      const kept = record && {
        ...record,
        scopes: scopes ?? record.scopes,
        email: account.email ?? record.email,
      };
      const result = kept ?? account;
      const own = session && { ...session, scopes: result.scopes };
      return { record: result, session: keyed(stored, own) };
    },
  };
}

function keyed({ sessionKey }: Credential, session: Session | undefined): KeyedSession | undefined {
  return session && { sessionKey, session };
}

/** What a refresh that went well says of the account. */
export interface Usage extends Pick<TokenSet, 'scopes' | 'refreshTokenExpiresAt'> {
  /** Epoch milliseconds. */
  at: number;
}

/** The record of an account whose refresh token was used, or replaced by a new one. */
export function toUsed(
  { refused: _, ...record }: AccountRecord,
  { at, scopes, refreshTokenExpiresAt }: Usage,
  isNew = false,
): AccountRecord {
  return {
    ...record,
    scopes: scopes ?? record.scopes,
    issuedAt: isNew ? at : record.issuedAt,
    lastUsedAt: at,
    refreshTokenExpiresAt: refreshTokenExpiresAt ?? record.refreshTokenExpiresAt,
  };
}

/**
 * A refresh whose answer brought another refresh token. It is stored only if the one that it follows
 * still is: the person may have removed the account meanwhile, or signed in anew.
 *
 * @param before the account with the credential that was sent.
 */
export function rotated(
  before: Granted,
  refreshToken: string,
  usage: Usage,
  session: Session | undefined,
): Change {
  const credential = { ...before.credential, refreshToken };
  return {
    reads: 'entry',
    evenUnreadable: true,
    brings: { account: toUsed(before.account, usage, true), credential },
    to({ record, credential: stored, unreadable }) {
      // What cannot be read is written to: the store says then what is wrong with it.
      const isThere =
        stored !== undefined && stored.refreshToken === before.credential.refreshToken;
      if (unreadable === undefined && !isThere) return undefined;
      return {
        record: toUsed(record ?? before.account, usage, true),
        credential,
        session: keyed(credential, session),
      };
    },
  };
}

/** A refresh that left the refresh token as it was. @param before the account as it was sent. */
export function used(before: Granted, usage: Usage, session: Session): Change {
  const written = { session: keyed(before.credential, session) };
  return {
    reads: 'record',
    isConvenience: true,
    to({ record, brokenRecord }) {
      if (brokenRecord) return written;
      if (record === undefined || !isSameGrant(record, before.account)) return undefined;
      return { ...written, record: toUsed(record, usage) };
    },
  };
}

/** A refresh that Google refused for good. @param before the account as it was sent. */
export function refused(before: Pick<Granted, 'account'>, refusal: RefusedRefresh): Change {
  return {
    reads: 'record',
    isConvenience: true,
    to: ({ record }) =>
      record !== undefined && isSameGrant(record, before.account)
        ? { record: { ...record, refused: refusal } }
        : undefined,
  };
}

/**
 * How a refresh token that is imported was found good: Google took it at a request between two times,
 * or it was rescued, and nobody has asked. `force` stores a rescued one over a newer one.
 */
export type ImportGrounds =
  | { askedAt: number; answeredAt: number; isNew: boolean }
  | { force: boolean };

/**
 * The import of a refresh token. One that came while Google was asked about this one stays: it may be
 * the one that replaced it. A rescued one goes over a newer one only by `force`.
 */
export function imported(
  { account, credential }: Granted,
  session: Session | undefined,
  grounds: ImportGrounds,
): Change {
  const isRescued = 'force' in grounds;
  return {
    reads: 'entry',
    // What was rescued lies in its file until it is stored.
    brings: isRescued ? undefined : { account, credential },
    evenUnreadable: !isRescued,
    to({ record, credential: stored }) {
      const isOther =
        stored?.refreshToken !== undefined && stored.refreshToken !== credential.refreshToken;
      if (record !== undefined && isOther) {
        const { issuedAt, refused: refusal } = record;
        if (isRescued) {
          const isNewer = issuedAt > account.issuedAt && refusal === undefined;
          if (isNewer && !grounds.force) throw newerStored(record, account);
        } else {
          const { askedAt, answeredAt, isNew } = grounds;
          if (!isNew && issuedAt >= askedAt && issuedAt <= answeredAt) return undefined;
        }
      }
      return {
        record: {
          ...account,
          alias: record?.alias,
          refreshTokensIssued: record?.refreshTokensIssued ?? 0,
        },
        credential,
        session: keyed(credential, session),
      };
    },
  };
}

/** A short name for an account, or none. Nothing happens to one that was removed meanwhile. */
export function aliased(alias: string | undefined): Change {
  return {
    reads: 'record',
    to: ({ record }) => record && { record: { ...record, alias } },
  };
}

/** The person's wish to forget an account, whatever is stored of it. */
export const removed: Change = { reads: 'record', to: () => 'forgotten' };

/**
 * A revocation. What was signed in meanwhile is alive, and stays.
 *
 * @param refreshToken the one of the account that was revoked; undefined if it had none.
 */
export function revoked(refreshToken: string | undefined): Change {
  return {
    reads: 'entry',
    // The removal says then what is wrong with the store.
    evenUnreadable: true,
    to: ({ credential }) =>
      credential === undefined || credential.refreshToken === refreshToken
        ? 'forgotten'
        : undefined,
  };
}

/** Whether two records of an account are about the same refresh token. */
function isSameGrant(one: AccountRecord, other: AccountRecord): boolean {
  return (
    one.store === other.store &&
    one.issuedAt === other.issuedAt &&
    one.refreshTokensIssued === other.refreshTokensIssued
  );
}

function newerStored(
  record: AccountRecord,
  { issuedAt }: Pick<AccountRecord, 'issuedAt'>,
): GsacError {
  const name = describeAccount(record);
  return new GsacError(
    'usage',
    `A newer refresh token of ${name} is stored (issued ${isoTime(record.issuedAt)}, the one in the file ${isoTime(issuedAt)}).`,
    {
      hint: 'If the stored one works (`gsac refresh`), remove the file. To store the older one all the same, run it again with --force.',
    },
  );
}
