import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { toOauthError, toUnusableAnswer, unreadable } from './errors.js';
import type { Requests } from './retry.js';

/** What a device shows to a person, and what it asks for tokens with. */
export interface DeviceCodes {
  /** A secret. */
  deviceCode: string;
  userCode: string;
  verificationUrl: string;
  /** Times in milliseconds. */
  expiresInMs: number;
  intervalMs: number;
}

/**
 * Where a device gets its codes.
 * @see https://developers.google.com/identity/protocols/oauth2/limited-input-device
 */
export function createDeviceEndpoint({ http, retry, now }: Requests) {
  return {
    /** @throws {GsacError} what Google said, and exits 3. */
    async getCodes(endpoints: Endpoints, clientId: string, scopes: readonly string[]) {
      const answer = await retry(async (leftMs) => {
        const given = await http({
          method: 'POST',
          url: endpoints.device,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            accept: 'application/json',
          },
          body: new URLSearchParams({ client_id: clientId, scope: scopes.join(' ') }).toString(),
          leftMs,
        });
        const unusable = toUnusableAnswer(given, now());
        if (unusable !== undefined) throw unusable;
        return given;
      });
      const fields = parseJsonObject(answer.text);
      if (answer.status === 200 && fields !== undefined) return readCodes(fields, endpoints);
      // Google names this one error in a field of its own.
      if (fields?.['error_code'] === 'rate_limit_exceeded') {
        throw new GsacError('rate_limited', 'This client has asked for too many device codes.', {
          hint: 'Try again later. Google’s limit is per client.',
        });
      }
      throw toOauthError(answer, 'code', now());
    },
  };
}

function readCodes(fields: Record<string, unknown>, { origin }: Endpoints): DeviceCodes {
  const {
    device_code: deviceCode,
    user_code: userCode,
    verification_url: url,
    verification_uri: standardUrl = url,
    expires_in: seconds,
    interval = 5,
  } = fields;
  const verificationUrl = String(url ?? standardUrl);
  if (
    typeof deviceCode !== 'string' ||
    !/^[\x21-\x7e]{1,512}$/.test(deviceCode) ||
    typeof userCode !== 'string' ||
    !/^[\w-]{1,64}$/.test(userCode) ||
    !isTrusted(verificationUrl, origin) ||
    typeof seconds !== 'number' ||
    typeof interval !== 'number'
  ) {
    throw unreadable('The answer is not the codes of a device.');
  }
  return {
    deviceCode,
    userCode,
    verificationUrl,
    expiresInMs: Math.min(Math.max(seconds, 0), 86_400) * 1000,
    intervalMs: Math.min(Math.max(interval, 1), 300) * 1000,
  };
}

/** A person is sent to Google, or to the emulator, and nowhere else. */
function isTrusted(address: string, origin: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (origin !== null) return url.origin === origin;
  return url.protocol === 'https:' && /(^|\.)google\.com$/.test(url.hostname);
}

/** Where a device gets its codes. */
export type DeviceEndpoint = ReturnType<typeof createDeviceEndpoint>;
