import type { Context } from '../core/context.js';

/** What is known when the passphrase of the file store is asked for. */
export type PassphraseOccasion = 'new' | 'known' | 'wrong';

/**
 * Asks for the passphrase of the file store, twice if it is to be a new one.
 *
 * @throws {GsacError} `cancelled`.
 */
export async function askPassphrase(
  { prompts, notices }: Pick<Context, 'prompts' | 'notices'>,
  occasion: PassphraseOccasion,
): Promise<string> {
  // The question would stand in the line of progress.
  notices.progress('');
  if (occasion === 'wrong') notices.ask('That passphrase does not open the file store.');
  if (occasion === 'new') {
    notices.ask('gsac makes a new file store. Nobody can open it without its passphrase.');
  }
  for (;;) {
    const question = `${occasion === 'new' ? 'New passphrase' : 'Passphrase'} for the file store:`;
    const passphrase = await prompts.secret(question);
    if (passphrase === '') notices.ask('The passphrase cannot be empty.');
    else if (occasion !== 'new') return passphrase;
    else if ((await prompts.secret('The same passphrase again:')) === passphrase) return passphrase;
    else notices.ask('The two passphrases are not the same.');
  }
}
