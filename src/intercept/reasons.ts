import { messageOf, systemCodeOf } from '../core/errors.js';

/** Why a connection failed, in a few words. */
export function reasonOf(thrown: unknown): string {
  return systemCodeOf(thrown) ?? messageOf(thrown).slice(0, 200);
}

const alerts: Readonly<Record<string, string>> = {
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not trust the certificate (unknown CA)',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not trust the certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not take the certificate',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'it does not take this kind of certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'it takes the certificate for expired: its clock is off',
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: 'it refuses the certificate (access denied)',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'it refuses the certificate (decrypt error)',
};

/** What a client has against the certificate; empty if it said nothing. */
export function alertOf(error: unknown): string {
  const code = systemCodeOf(error) ?? '';
  if (code === 'ECONNRESET' || code === 'EPIPE') return '';
  return alerts[code] ?? `the handshake failed (${code || messageOf(error).slice(0, 100)})`;
}
