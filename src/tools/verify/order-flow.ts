import { type Opening, openAccount } from '../../accounts/open.js';
import type { BrowserSignIn, Landing } from '../../cli/browser-options.js';
import { resolveClient } from '../../cli/client.js';
import type { Provided } from '../../cli/runtime.js';
import { describeAccount } from '../../core/account.js';
import type { FlowExpectations } from './expectations.js';
import type { FlowCode, VerifyPorts } from './ports.js';
import type { FlowOrder } from './stages/stage.js';

/** What the person sees in the browser while the checks run. */
const landing: Landing = {
  title: 'Signed in',
  sentences: [
    'gsac has the code and is checking it. The terminal shows the result.',
    'You can close this page.',
  ],
};

/** The order to verify a code that was handed in. @throws {GsacError} for the client (2). */
export async function orderCode(
  { context }: Pick<Provided, 'context'>,
  code: FlowCode,
  keep: boolean,
  expectations: FlowExpectations,
): Promise<FlowOrder> {
  const beginning = { kind: 'code' as const, obtain: async () => code, keep };
  return { name: 'code', ...(await resolveClient(context)), beginning, expectations };
}

/** The order to verify a sign-in in a browser. @throws {GsacError} for the client (2). */
export async function orderBrowser(
  work: Pick<Provided, 'context' | 'system'>,
  { signInWithBrowser }: VerifyPorts,
  wish: BrowserSignIn,
  keep: boolean,
  expectations: FlowExpectations,
): Promise<FlowOrder> {
  const resolved = await resolveClient(work.context);
  const obtain = () =>
    signInWithBrowser(work, resolved, wish, async ({ code, redirectUri, codeVerifier }) => ({
      result: {
        pasted: code,
        source: 'web-redirect',
        redirectUri,
        codeVerifier,
        requestedScopes: wish.scopes,
      },
      landing,
    }));
  const beginning = { kind: 'browser' as const, obtain, keep };
  return { name: 'browser sign-in', ...resolved, beginning, expectations };
}

/** The order to verify a stored account. @throws {GsacError} where there is none, and for the store. */
export async function orderAccount(
  work: Opening,
  expectations: FlowExpectations,
): Promise<FlowOrder> {
  const opened = await openAccount(work);
  const { account, credential, endpoints } = opened;
  const { clientId, clientSecret, tokenUri } = credential;
  return {
    name: describeAccount(account),
    client: {
      clientId,
      ...(clientSecret === undefined ? {} : { clientSecret }),
      tokenUri,
      redirectUris: [],
      type: null,
    },
    endpoints,
    beginning: { kind: 'account', opened },
    expectations,
  };
}
