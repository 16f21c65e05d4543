import type { Provided } from '../../cli/runtime.js';
import type { ResolvedClient } from '../../core/client-config.js';
import { GsacError } from '../../core/errors.js';
import { spokenSpan } from '../../core/times.js';
import type { DeviceCodes } from '../../google/device.js';
import type { CodeGrantAnswer } from '../../google/token.js';
import { toRefusal } from './sign-in.js';

/** How much longer a device waits each time when it is told that it asks too often (RFC 8628, 3.5). */
const slowDownMs = 5_000;

/** A sign-in on another device. */
export interface DeviceSignIn {
  /** As they are sent. */
  scopes: readonly string[];
  waitMs: number;
}

/**
 * Has a person sign in on any other device, by a code that they type there, and returns the tokens.
 *
 * @throws {GsacError} exit 3 if nobody came, 4 if Google or the person said no, 130.
 */
export async function signInOnDevice(
  { context, google, system }: Pick<Provided, 'context' | 'google' | 'system'>,
  { client, endpoints }: ResolvedClient,
  { scopes, waitMs }: DeviceSignIn,
): Promise<CodeGrantAnswer> {
  const device = await google.device();
  const codes = await device.getCodes(endpoints, client.clientId, scopes).catch((thrown) => {
    throw withDeviceHint(thrown);
  });
  const { notices } = context;
  const lastsMs = Math.min(waitMs, codes.expiresInMs);
  notices.say('On any device, open this address and enter the code:');
  notices.ask(`${codes.verificationUrl}  ${codes.userCode}`);
  notices.say(`Waiting for ${spokenSpan(lastsMs)}. Press Ctrl-C to stop.`);
  const { clientId, clientSecret } = client;
  const grant = { endpoints, clientId, clientSecret, deviceCode: codes.deviceCode };
  const token = await google.token();
  const endsAt = context.now() + lastsMs;
  let { intervalMs } = codes;
  while (context.now() + intervalMs <= endsAt) {
    await system.pause(intervalMs).catch(() => {
      throw new GsacError('cancelled', 'Cancelled.');
    });
    try {
      return await token.askForDevice(grant);
    } catch (thrown) {
      const error = oauthErrorOf(thrown);
      if (error === 'slow_down') intervalMs += slowDownMs;
      else if (error !== 'authorization_pending') throw toDecision(thrown, error, codes);
    }
  }
  throw timedOut();
}

function toDecision(thrown: unknown, error: string, { userCode }: DeviceCodes): unknown {
  if (error === 'expired_token') return timedOut();
  if (error === 'access_denied') return toRefusal(error, undefined);
  if (error !== 'invalid_grant') return thrown;
  return new GsacError('invalid_grant', `Google no longer knows the code ${userCode}.`, {
    hint: 'Its tokens may have been lost on the way. Run the command again.',
  });
}

function timedOut(): GsacError {
  return new GsacError('sign_in_timeout', 'Nobody signed in with the code in time.', {
    hint: 'Run the command again for a new code. --wait gives people more time, up to 30 minutes.',
  });
}

/** At this endpoint no secret is sent, and the type of the client and the scopes are what can be wrong. */
function withDeviceHint(thrown: unknown): unknown {
  if (!(thrown instanceof GsacError)) return thrown;
  const hint = {
    invalid_client:
      'Signing in on another device needs a client of type "TVs and Limited Input devices". Create one in the Cloud console, Clients, and name its file.',
    invalid_scope:
      'On another device, Google allows only openid, email, profile, drive.file, youtube and youtube.readonly. Without --device, gsac login takes any scope.',
  }[oauthErrorOf(thrown)];
  if (hint === undefined) return thrown;
  return new GsacError(thrown.code, thrown.message, { hint, details: thrown.details });
}

function oauthErrorOf(thrown: unknown): string {
  const google = thrown instanceof GsacError ? thrown.details['google'] : undefined;
  return typeof google === 'object' && google !== null && 'error' in google
    ? String(google.error)
    : '';
}
