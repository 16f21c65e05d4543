import { parseAuthCode, redirectUriOf } from '../../../core/auth-code.js';
import { GsacError } from '../../../core/errors.js';
import type { Flow, Stage } from './stage.js';

const id = 'code.replay';
const expected = 'invalid_grant';

/** The code is sent a second time, which a server must refuse. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */
export const replayStage: Stage = {
  checks: { [id]: 'the code is refused the second time' },
  appliesTo: ({ beginning }) => beginning.kind !== 'account',
  async run(flow) {
    const { book, expectations } = flow;
    if (!expectations.replay) {
      const why = '--replay; a provider may revoke the grant of a code that is used twice';
      return book.skip(id, 'not_asked', why, expected);
    }
    if (!book.passed('code.exchange')) {
      const why = 'the code was not taken the first time';
      return book.block(id, why, 'code.exchange', expected);
    }
    const begun = book.begin();
    const judge = (ok: boolean, seen: string) => book.conclude(id, ok, { expected, seen }, begun);
    try {
      await sendAgain(flow);
      judge(false, 'it was taken again');
    } catch (thrown) {
      if (!(thrown instanceof GsacError) || thrown.exitCode !== 4) {
        return book.fail(id, expected, thrown, begun);
      }
      judge(thrown.code === 'invalid_grant', thrown.code);
    }
  },
};

async function sendAgain({ facts, services, client, endpoints }: Flow): Promise<void> {
  if (facts.code === undefined) return;
  const { pasted, source, redirectUri, codeVerifier } = facts.code;
  await (await services.tokenEndpoint()).exchangeCode({
    endpoints,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    code: parseAuthCode(pasted).code,
    redirectUri: redirectUriOf(source, redirectUri),
    codeVerifier,
  });
}
