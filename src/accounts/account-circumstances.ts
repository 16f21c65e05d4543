import type { AccountRecord } from '../core/account.js';
import type { Case } from '../core/diagnosis.js';

const dayMs = 86_400_000;

/** What an account's history says of its refresh token. */
export function accountCircumstances(account: AccountRecord, now: number): Case {
  const { issuedAt, lastUsedAt, refreshTokenExpiresAt, refreshTokensIssued } = account;
  return {
    tokenAgeDays: (now - issuedAt) / dayMs,
    unusedDays: (now - (lastUsedAt ?? issuedAt)) / dayMs,
    grantedScopes: account.scopes,
    ...(refreshTokenExpiresAt === null
      ? {}
      : { statedLifetimeDays: (refreshTokenExpiresAt - issuedAt) / dayMs }),
    ...(refreshTokensIssued === undefined ? {} : { refreshTokensIssued }),
  };
}
