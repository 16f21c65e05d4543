import { lastingRefusals } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { AccountWork } from './accounts.js';
import { refused } from './changes.js';
import type { OpenAccount } from './open.js';

/**
 * What to throw for a refresh that failed. One that Google refused for good is remembered with the
 * account until a later one goes well, and its hint names the rescue file of the same account where
 * there is one: a newer token may lie in it. Any other failure is returned as it is.
 */
export async function explainRefusal(
  work: AccountWork,
  opened: OpenAccount,
  thrown: unknown,
): Promise<unknown> {
  if (!(thrown instanceof GsacError)) return thrown;
  const code = lastingRefusals.find((lasting) => lasting === thrown.code);
  if (code === undefined) return thrown;
  const error = code === 'invalid_grant' ? await withRescueFile(work, opened, thrown) : thrown;
  if (opened.store.readOnly) return error;
  const { message, hint } = error;
  const at = work.context.now();
  const refusal = { at, code, message, ...(hint === undefined ? {} : { hint }) };
  try {
    await (await work.accounts.book()).change(opened.account, refused(opened, refusal));
  } catch (failure) {
    // A convenience: that nobody can write must not hide what Google said.
    if (!(failure instanceof GsacError)) throw failure;
  }
  return error;
}

async function withRescueFile(
  { accounts }: AccountWork,
  { account, credential }: OpenAccount,
  thrown: GsacError,
): Promise<GsacError> {
  const rescue = await accounts.rescue();
  const path = rescue.find(account, credential);
  if (path === undefined) return thrown;
  const { code, message, details } = thrown;
  const then = account.store === 'env' ? 'unset the credentials in the environment' : 'try again';
  return new GsacError(code, message, {
    hint: `A newer token that no store would take was saved in ${path}: run \`${rescue.importCommand(path, account)}\`, then ${then}. If that one is dead, too, sign in again and exchange the new code.`,
    details: { ...details, rescue_file: path },
  });
}
