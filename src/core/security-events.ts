import { GsacError } from './errors.js';

/** Reads the address of a receiver of security events. @throws {GsacError} `usage`; shows no password. */
export function readReceiver(address: string, flag: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const shown = address.includes('@') ? '' : ` ${JSON.stringify(address)}`;
    throw new GsacError('usage', `${flag}${shown} is not an address.`, {
      hint: 'Write the whole address, such as http://localhost:3000/security-events.',
    });
  }
  if (url.username === '' && url.password === '') return url.href;
  throw new GsacError('usage', `The address of ${flag} contains a user name or a password.`, {
    hint: 'Leave it out: Google sends none. A receiver checks the signature of the event instead.',
  });
}

/**
 * The security events that Google posts, by the last part of their types' addresses.
 *
 * @see https://developers.google.com/identity/protocols/risc#supported_event_types
 */
export const securityEvents = [
  'sessions-revoked',
  'tokens-revoked',
  'token-revoked',
  'account-disabled',
  'account-enabled',
  'account-credential-change-required',
  'verification',
] as const;

/** Forged security events, each of which a receiver must refuse. */
export const forgedEvents = [
  'wrong-audience',
  'wrong-issuer',
  'unknown-key',
  'wrong-signature',
  'unsigned',
  'hmac',
  'id-token',
] as const;
