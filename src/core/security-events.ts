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
