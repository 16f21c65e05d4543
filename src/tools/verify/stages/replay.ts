import { parseAuthCode, redirectUriOf } from '../../../core/auth-code.js';
import { toJudgement } from '../check-book.js';
import { type Flow, notAskedFor, refusalOf, type Stage } from './stage.js';

const id = 'code.replay';
const expected = 'invalid_grant';

/** The code is sent a second time, which a server must refuse. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */
export const replayStage: Stage = {
  checks: { [id]: 'the code is refused the second time' },
  appliesTo: ({ beginning }) => beginning.kind !== 'account',
  async run(flow) {
    const { book, expectations } = flow;
    if (!expectations.replay) {
      const why = notAskedFor(flow, '--replay', 'replay: true');
      return book.skip(id, 'not_asked', `${why} (the provider may revoke the grant)`, expected);
    }
    const first = 'code.exchange';
    if (book.outcomeOf(first) !== 'pass') {
      return book.block(id, 'the first exchange failed', first, expected);
    }
    await book.attempt(
      id,
      expected,
      () => sendAgain(flow).then(() => 'the code was accepted again', refusalOf),
      (seen) => toJudgement(seen === expected, seen),
    );
  },
};

async function sendAgain({ facts, google, client, endpoints }: Flow): Promise<void> {
  if (facts.code === undefined) return;
  const { pasted, source, redirectUri, codeVerifier } = facts.code;
  await (await google.token()).exchangeCode({
    endpoints,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    code: parseAuthCode(pasted).code,
    redirectUri: redirectUriOf(source, redirectUri),
    codeVerifier,
  });
}
