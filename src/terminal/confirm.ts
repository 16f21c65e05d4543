import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';

/** What a person is told and asked before something is done that nothing undoes. */
export interface Confirmation {
  /** What will be gone, and for whom, as a sentence. */
  consequence: string;
  question: string;
  /** What is said where the answer is no. */
  refusal: string;
}

/**
 * Asks before access is revoked, which is for every client of a project, or files are deleted, which
 * have no trash.
 *
 * @throws {GsacError} `input_required` where there is nobody to ask, `cancelled` where they say no.
 */
export async function confirm(
  { prompts, notices }: Pick<Context, 'prompts' | 'notices'>,
  { consequence, question, refusal }: Confirmation,
): Promise<void> {
  if (!prompts.possible) {
    throw new GsacError('input_required', consequence, {
      hint: 'Where that is wanted, run it again with --yes.',
    });
  }
  notices.warn(consequence);
  if (!(await prompts.confirm(question))) throw new GsacError('cancelled', refusal);
}
