import type { AccountWork } from '../../accounts/accounts.js';
import { accountCircumstances } from '../../accounts/refresh.js';
import { type AccountRecord, describeAccount } from '../../core/account.js';
import type { Case } from '../../core/diagnosis.js';
import { relativeTime } from '../../core/times.js';
import type { TokenRequest } from './run-memory.js';

/** What gsac knows of an account or a code that a program sent. */
export interface History {
  given: Case;
  /** A phrase each. */
  seen: string[];
}

/** How long a keychain is waited for: nobody is there to unlock it. */
const storeTimeoutMs = 2_000;

/**
 * Looks whether the refresh token or the code of a refused request is one that gsac knows. Stored tokens
 * are compared and never shown; nothing asks for a passphrase. Whatever fails, nothing is known.
 */
export async function findHistory(
  { fields, grantType, clientId }: TokenRequest,
  work: Pick<AccountWork, 'context' | 'accounts'>,
): Promise<History> {
  try {
    if (grantType === 'refresh_token') {
      const account = await findAccount(clientId, fields.get('refresh_token') ?? '', work);
      return account === undefined ? nothing : describe(account, work.context.now());
    }
    const code = fields.get('code') ?? '';
    const spent = await (await work.accounts.codeLedger()).find(code, clientId);
    if (spent === undefined) return nothing;
    const now = work.context.now();
    const secondsAgo = Math.max(0, (now - spent.at) / 1000);
    return {
      given: { codeSeen: { outcome: spent.outcome, secondsAgo } },
      seen: [`gsac sent this code ${relativeTime(spent.at, now)}`],
    };
  } catch {
    return nothing;
  }
}

const nothing: History = { given: {}, seen: [] };

async function findAccount(
  clientId: string,
  refreshToken: string,
  { context, accounts }: Pick<AccountWork, 'context' | 'accounts'>,
): Promise<AccountRecord | undefined> {
  if (refreshToken === '') return undefined;
  const hasKey = ['GSAC_FILE_KEY', 'GSAC_PASSPHRASE'].some((name) => context.variable(name));
  const { accounts: known } = await (await accounts.index()).list();
  for (const account of known) {
    if (account.clientId !== clientId || (account.store === 'file' && !hasKey)) continue;
    const store = await accounts.store(account.store, storeTimeoutMs);
    const credential = await store.read(account.key);
    if (credential?.refreshToken === refreshToken) return account;
  }
  return undefined;
}

function describe(account: AccountRecord, now: number): History {
  const { issuedAt, lastUsedAt, refused } = account;
  return {
    given: accountCircumstances(account, now),
    seen: [
      `it is the refresh token of gsac’s account ${describeAccount(account)}, issued ${relativeTime(issuedAt, now)}`,
      ...(lastUsedAt === null ? [] : [`gsac last used it ${relativeTime(lastUsedAt, now)}`]),
      ...(refused === undefined
        ? []
        : [`Google refused it to gsac ${relativeTime(refused.at, now)}`]),
    ],
  };
}
