import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { derOf } from './der.js';
import { certificateNames, googleDomains, isNamedInCertificate } from './hosts.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A certificate authority of one run. Its key is in memory only. */
export interface Authority {
  /** Its certificate. */
  readonly pem: string;
  readonly der: Buffer;
  /** What a server of this host presents; a new certificate once the last one is half a day old. */
  contextFor(host: string): Promise<SecureContext>;
}

/**
 * Makes a certificate authority that can vouch for Google's hosts only, for 30 days at most. Its
 * certificates last a day and begin an hour ago, for clocks that are behind.
 */
export async function createAuthority(now: () => number): Promise<Authority> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await createKeys();
  const name = `CN=gsac ${randomBytes(4).toString('hex')}, O=gsac on this machine`;
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name,
      notBefore: new Date(now() - hourMs),
      notAfter: new Date(now() + 30 * dayMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        new x509.Extension(nameConstraints, true, permitted(googleDomains)),
      ],
    },
    webcrypto,
  );

  async function issue(names: readonly string[]): Promise<SecureContext> {
    const own = await createKeys();
    const leaf = await x509.X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        subject: 'CN=Google, as gsac answers for it',
        issuer: name,
        notBefore: new Date(now() - hourMs),
        notAfter: new Date(now() + dayMs),
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        publicKey: own.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        ],
      },
      webcrypto,
    );
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey));
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return createSecureContext({
      cert: leaf.toString('pem'),
      key: key.export({ format: 'pem', type: 'pkcs8' }),
    });
  }

  const issued = new Map<string, { at: number; context: Promise<SecureContext> }>();
  return {
    pem: `${root.toString('pem')}\n`,
    der: Buffer.from(root.rawData),
    contextFor(host) {
      // Few hosts lie deeper than the names that every certificate has; each gets one of its own.
      const extra = isNamedInCertificate(host) ? '' : host;
      const known = issued.get(extra);
      if (known !== undefined && now() - known.at < dayMs / 2) return known.context;
      const context = issue(extra === '' ? certificateNames : [extra, ...certificateNames]);
      issued.set(extra, { at: now(), context });
      const [oldest = ''] = issued.keys();
      if (issued.size > mostIssued) issued.delete(oldest);
      return context;
    },
  };
}

/** More hosts than a program asks; their names may come from whoever connects. */
const mostIssued = 500;

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Positive, and of the same length always. */
function serialNumber(): string {
  return `4${randomBytes(16).toString('hex').slice(1)}`;
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10 */
const nameConstraints = '2.5.29.30';

/** NameConstraints with these domains, and all below them, as the only ones permitted. */
function permitted(domains: readonly string[]): Buffer {
  const subtrees = domains.map((domain) => derOf(0x30, derOf(0x82, Buffer.from(domain))));
  return derOf(0x30, derOf(0xa0, ...subtrees));
}
