import { accountCircumstances } from '../../accounts/refresh.js';
import type { AccountRecord } from '../../core/account.js';
import type { Case, Diagnosis } from '../../core/diagnosis.js';
import type { GsacError } from '../../core/errors.js';

/**
 * The likely causes for which the refresh of a stored account failed, by the error and the account's
 * own history. The rules are loaded when a refresh has failed.
 *
 * @param now epoch milliseconds.
 * @param known what the person has said beside.
 */
export async function diagnoseRefresh(
  account: AccountRecord,
  error: GsacError,
  now: number,
  known: Case = {},
): Promise<Diagnosis[]> {
  const { diagnoseFailure } = await import('./diagnose-failure.js');
  return diagnoseFailure(error, {
    ...accountCircumstances(account, now),
    ...known,
    stage: 'refresh',
  });
}
