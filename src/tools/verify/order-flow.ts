import type { ExchangeRequest } from '../../accounts/exchange.js';
import { openAccount } from '../../accounts/open.js';
import type { BrowserSignIn, Landing } from '../../cli/browser-options.js';
import { resolveClient } from '../../cli/client.js';
import { describeAccount } from '../../core/account.js';
import type { ResolvedClient } from '../../core/client-config.js';
import type { Services } from '../../wiring.js';
import { signInWithBrowser } from '../login/sign-in.js';
import type { FlowExpectations } from './expectations.js';
import type { FlowOrder } from './run-flow.js';

/** What the person sees in the browser while the checks run. */
const landing: Landing = {
  title: 'Signed in',
  sentences: [
    'gsac has the code and checks it now; the terminal says what it finds.',
    'You can close this page.',
  ],
};

/** The order to verify a code that was handed in. @throws {GsacError} for the client (2). */
export async function orderCode(
  services: Services,
  code: Omit<ExchangeRequest, 'replay' | 'store'>,
  keep: boolean,
  expectations: FlowExpectations,
): Promise<FlowOrder> {
  const { client, endpoints } = await resolveClient(services);
  const obtain = () => Promise.resolve(code);
  const beginning = { kind: 'code' as const, obtain, keep };
  return { name: 'code', client, endpoints, beginning, expectations };
}

/** The order to verify a sign-in in a browser. @throws {GsacError} for the client (2). */
export async function orderBrowser(
  services: Services,
  wish: BrowserSignIn,
  keep: boolean,
  expectations: FlowExpectations,
): Promise<FlowOrder> {
  const resolved = await resolveClient(services);
  const { client, endpoints } = resolved;
  const obtain = (own: Services) => signIn(own, resolved, wish);
  const beginning = { kind: 'browser' as const, obtain, keep };
  return { name: 'browser sign-in', client, endpoints, beginning, expectations };
}

function signIn(
  services: Services,
  resolved: ResolvedClient,
  wish: BrowserSignIn,
): Promise<Omit<ExchangeRequest, 'replay' | 'store'>> {
  return signInWithBrowser(services, resolved, wish, async (code) => ({
    result: {
      pasted: code.code,
      source: 'web-redirect',
      redirectUri: code.redirectUri,
      codeVerifier: code.codeVerifier,
      requestedScopes: wish.scopes,
    },
    landing,
  }));
}

/** The order to verify a stored account. @throws {GsacError} where there is none, and for the store. */
export async function orderAccount(
  services: Services,
  expectations: FlowExpectations,
): Promise<FlowOrder> {
  const opened = await openAccount(services);
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
