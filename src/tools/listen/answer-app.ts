import type { Exchanged } from '../../accounts/exchange.js';
import type { GsacError } from '../../core/errors.js';
import { maskText } from '../../core/secret.js';
import type { ReceiverAnswer } from './receiver.js';

/** What an app may know of the person who signed in: what its own ID token says, too. */
const profileClaims = [
  'sub',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'picture',
  'locale',
  'hd',
] as const;

/**
 * What an app is answered whose code was exchanged: the profile claims, never a token. Claims of an
 * ID token that failed a check are nobody's, so the app gets an error in their place.
 */
export function toProfile({ account, idToken }: Exchanged): ReceiverAnswer {
  if (idToken === null) {
    const { sub, email } = account;
    return {
      status: 200,
      body: { ...(sub === null ? {} : { sub }), ...(email === null ? {} : { email }) },
    };
  }
  const { verdict, claims } = idToken;
  if (verdict === 'invalid' || verdict === 'expired') {
    return {
      status: 502,
      body: {
        error: 'id_token_invalid',
        error_description: 'The ID token that came with the answer did not pass its checks.',
      },
    };
  }
  const known = profileClaims.filter((name) => claims[name] !== undefined);
  return { status: 200, body: Object.fromEntries(known.map((name) => [name, claims[name]])) };
}

/**
 * What an app is answered whose code was not exchanged: whose fault it is, by the status, and a
 * sentence without secrets. What is wrong with this machine is not told to others.
 */
export function toAppError({ code, exitCode, message }: GsacError): ReceiverAnswer {
  const answer = (status: number, description: string) => ({
    status,
    body: { error: code, error_description: description },
  });
  if (exitCode === 2 || exitCode === 4) return answer(400, maskText(message));
  if (exitCode === 3) {
    const slow = code === 'network_timeout' || code === 'refresh_wait_timeout';
    return answer(slow ? 504 : 502, maskText(message));
  }
  if (exitCode === 5) return answer(503, 'The server cannot keep tokens at the moment.');
  return answer(500, 'The server failed.');
}
