import type { Provided } from '../../cli/runtime.js';
import { type AccountRecord, describeAccount, matchesAccount } from '../../core/account.js';
import { some } from '../../core/counting.js';
import { GsacError } from '../../core/errors.js';
import type { ReportWarning } from './reports/json.js';

/** Whose access a flow ends. */
export interface Revocation {
  /** Undefined for a stored account that brings its own. */
  clientId: string | undefined;
  /** The address of the person; undefined if it is the account's, or if nobody tells before they sign in. */
  email: string | undefined;
  /** The stored account that is to be revoked, by any of its names; undefined for a sign-in. */
  account: string | undefined;
}

const mostNamed = 5;

/**
 * Warns, before anything is sent, of stored accounts that the revocations of a run end, too: a
 * revocation ends the access of every client of the Cloud project to that person.
 *
 * It goes by what is listed on this machine, and knows nothing of accounts elsewhere.
 */
export async function warnOfStoredAccounts(
  { context, accounts }: Pick<Provided, 'context' | 'accounts'>,
  revocations: readonly Revocation[],
): Promise<ReportWarning[]> {
  if (revocations.length === 0) return [];
  const stored = await listAccounts(accounts);
  const aims = revocations.map((revocation) => toAim(revocation, stored));
  const meant = new Set(aims.map(({ key }) => key));
  const hit = stored.flatMap((account) => {
    if (meant.has(account.key)) return [];
    const hits = aims.filter((aim) => isHit(account, aim));
    return hits.length === 0 ? [] : [{ account, isSure: hits.some(({ email }) => email) }];
  });
  if (hit.length === 0) return [];
  const emails = new Set(hit.map(({ account }) => account.email));
  const names = hit.map(({ account }) =>
    emails.size === hit.length ? describeAccount(account) : account.key,
  );
  const may = hit.some(({ isSure }) => isSure) ? 'also ends' : 'may also end';
  const which = hit.length === 1 ? 'this stored account' : 'these stored accounts';
  const warning = {
    code: 'stored_account_revoked',
    message: `The revocation ${may} the access of ${which}: ${some(names, mostNamed)}.`,
    hint: 'It ends the access of every client of the Cloud project to the person. To keep stored accounts, sign in as people who are only used in tests.',
  };
  context.notices.warn(warning.message, warning.hint);
  return [warning];
}

/** What is wrong with the list is said by what needs it. */
async function listAccounts(accounts: Provided['accounts']): Promise<readonly AccountRecord[]> {
  try {
    return (await (await accounts.index()).list()).accounts;
  } catch (thrown) {
    if (thrown instanceof GsacError) return [];
    throw thrown;
  }
}

/** At whom a revocation aims, as far as that is known here. */
interface Aim {
  project: string | undefined;
  /** In lower case. */
  email: string | undefined;
  /** Of the stored account that is meant, and needs no warning. */
  key: string | undefined;
}

function toAim({ clientId, email, account }: Revocation, stored: readonly AccountRecord[]): Aim {
  const own =
    account === undefined
      ? undefined
      : stored.find(
          (one) =>
            matchesAccount(one, account) && (clientId === undefined || one.clientId === clientId),
        );
  const client = clientId ?? own?.clientId;
  return {
    project: client === undefined ? undefined : projectOf(client),
    email: (email ?? own?.email)?.toLowerCase(),
    key: own?.key,
  };
}

function isHit({ clientId, email }: AccountRecord, aim: Aim): boolean {
  if (projectOf(clientId) !== aim.project) return false;
  return aim.email === undefined || email === null || email.toLowerCase() === aim.email;
}

/** The number of the Cloud project, with which every client ID of Google's begins. */
function projectOf(clientId: string): string {
  return /^(\d+)-/.exec(clientId)?.[1] ?? clientId;
}
