import { webcrypto } from 'node:crypto';
import type { SigningKey } from '../state/keys.js';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const YEAR_MS = 365 * 86_400_000;

/**
 * Makes a self-signed X.509 certificate for a key, in PEM. Clients of Google in Java, Ruby and
 * Python refuse bare public keys. The library is loaded when a certificate is first asked for.
 */
export async function createCertificate(key: SigningKey, now: number): Promise<string> {
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const { subtle } = webcrypto;
  const pkcs8 = key.privateKey.export({ format: 'der', type: 'pkcs8' });
  const privateKey = await subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']);
  const publicKey = await subtle.importKey('jwk', key.jwk, ALGORITHM, true, ['verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: key.kid.slice(0, 16),
      name: 'CN=federated-signon.system.gserviceaccount.com',
      notBefore: new Date(now - YEAR_MS),
      notAfter: new Date(now + YEAR_MS),
      signingAlgorithm: ALGORITHM,
      keys: { privateKey, publicKey },
    },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n`;
}
