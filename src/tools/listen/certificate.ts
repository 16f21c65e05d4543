import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { GsacError } from '../../core/errors.js';
import type { TlsIdentity } from './receiver.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

/**
 * Makes a certificate for these names and addresses, and for `localhost`. It is a server's (iOS asks
 * for that), it lasts 30 days, and nothing of it is written anywhere.
 */
export async function createSelfSigned(
  hosts: readonly string[],
  now: number,
): Promise<TlsIdentity> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])].filter(
    (name) => name !== '0.0.0.0' && name !== '::',
  );
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // Positive, and of the same length always.
      serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
      name: 'CN=gsac listen',
      // A phone's clock may be behind.
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + 30 * dayMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
        ),
      ],
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/**
 * What clients pin a certificate by: the first one of a chain. It does not check who signed it, nor
 * its names and dates.
 *
 * @throws {GsacError} `usage` where one of the two is not PEM, or the key is another certificate's.
 */
export function readPins({ cert, key }: TlsIdentity) {
  const certificate = attempt(() => new X509Certificate(cert), '--cert is not a PEM certificate.');
  const privateKey = attempt(
    () => createPrivateKey(key),
    '--key is not a PEM private key without passphrase.',
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new GsacError('usage', 'The key of --key does not belong to the certificate of --cert.', {
      hint: 'If --cert holds a chain, the server’s own certificate comes first.',
    });
  }
  const spki = certificate.publicKey.export({ format: 'der', type: 'spki' });
  return {
    /** Of the certificate: hex in upper case, a colon between the bytes. */
    fingerprint: certificate.fingerprint256,
    /** Base64, as `curl --pinnedpubkey` and OkHttp take it. */
    publicKeyPin: `sha256//${createHash('sha256').update(spki).digest('base64')}`,
  };
}

function attempt<T>(work: () => T, sentence: string): T {
  try {
    return work();
  } catch {
    // OpenSSL's own words may quote.
    throw new GsacError('usage', sentence, { hint: 'Both files are text: -----BEGIN …-----.' });
  }
}
