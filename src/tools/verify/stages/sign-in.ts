import type { Stage } from './stage.js';

/** Somebody signs in: in a browser, or at the emulator. A code that was handed in needs none. */
export const signInStage: Stage = {
  checks: { 'sign_in.code': 'the sign-in gives a code' },
  appliesTo: ({ beginning }) => beginning.kind === 'browser' || beginning.kind === 'emulator',
  async run({ beginning, book, facts, services }) {
    if (beginning.kind === 'account') return;
    const code = await book.attempt(
      'sign_in.code',
      'a code',
      () => beginning.obtain(services),
      ({ pasted }) => `a code of ${pasted.length} characters`,
    );
    if (code !== undefined) facts.code = code;
  },
};
