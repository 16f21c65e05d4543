import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';

/** What a person is told and asked before something is done that nothing undoes. */
export interface Confirmation {
  /** What will be gone, and for whom, as a sentence. */
  consequence: string;
  question: string;
  /** What is not done unless they agree. */
  act: 'revoked' | 'deleted' | 'removed' | 'run';
}

/**
 * Asks before access is revoked, an account forgotten or files deleted: none of these can be undone.
 *
 * @throws {GsacError} `input_required` if there is nobody to ask, `cancelled` if they say no.
 */
export async function confirm(
  { prompts, notices }: Pick<Context, 'prompts' | 'notices'>,
  { consequence, question, act }: Confirmation,
): Promise<void> {
  if (!prompts.possible) {
    const not = `Not ${act}: this needs --yes without a terminal, and with --no-input.`;
    throw new GsacError('input_required', not, {
      hint: `${consequence} If you want that, run the command again with --yes.`,
    });
  }
  notices.warn(consequence);
  if (!(await prompts.confirm(question))) throw new GsacError('cancelled', `Nothing was ${act}.`);
}
