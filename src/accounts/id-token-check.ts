import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import {
  type Check,
  type DecodedIdToken,
  type Expectations,
  googleIssuers,
  judgeIdToken,
  type SignatureFinding,
  type Verdict,
} from '../core/id-token.js';
import type { AccountWork } from './accounts.js';

/** What judging an ID token takes. */
type Judging = Pick<AccountWork, 'google'> & { context: Pick<AccountWork['context'], 'now'> };

/** What an ID token is held against, as far as the person chose it. */
export interface IdTokenWish
  extends Omit<Expectations, 'now' | 'clockToleranceSeconds' | 'issuers' | 'signature'> {
  clockToleranceSeconds?: number | undefined;
  /** Whether a signature that cannot be checked ends the command, or leaves the token unverified. */
  keysRequired: boolean;
}

/** Leeway for clocks that differ, as in google-auth-library. */
export const defaultClockToleranceSeconds = 300;

/** Fetches the keys and judges an ID token check by check. */
export async function checkIdToken(
  work: Judging,
  token: DecodedIdToken,
  endpoints: Endpoints,
  { keysRequired, clockToleranceSeconds = defaultClockToleranceSeconds, ...wish }: IdTokenWish,
): Promise<{ verdict: Verdict; checks: Check[] }> {
  return judgeIdToken(token, {
    ...wish,
    now: work.context.now(),
    clockToleranceSeconds,
    issuers: googleIssuers,
    signature: await findSignature(work, token, endpoints, keysRequired),
  });
}

async function findSignature(
  { google }: Judging,
  token: DecodedIdToken,
  endpoints: Endpoints,
  keysRequired: boolean,
): Promise<SignatureFinding> {
  try {
    return await (await google.keys()).checkSignature(token, endpoints);
  } catch (thrown) {
    if (keysRequired || !(thrown instanceof GsacError) || thrown.code === 'cancelled') throw thrown;
    return { state: 'unchecked', detail: `the issuer’s keys are not available: ${thrown.message}` };
  }
}
