import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { derOf, derOid } from './der.js';
import { certificateNames, googleDomains, isNamedInCertificate } from './hosts.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A certificate authority of one run. Its key is in memory only. */
export interface Authority {
  /** Its certificate. */
  readonly pem: string;
  /** The SHA-256 of its public key in base64, by which browsers can be told to trust it. */
  readonly keyHash: string;
  /** What a server of this host presents; a new certificate once the last one is half a day old. */
  contextFor(host: string): SecureContext;
}

/** More hosts than a program asks; their names may come from anybody who connects. */
const mostIssued = 500;

/**
 * Makes a certificate authority that can vouch for Google's hosts only, for 30 days at most. Its
 * certificates last a day and begin an hour ago, for clocks that are behind.
 *
 * They are written here because to load a library for them, and to make them with it, takes as long as
 * everything else that happens before a program is run.
 */
export function createAuthority(now: () => number): Authority {
  const { privateKey, publicKey } = createKeys();
  const name = nameOf(`gsac ${randomBytes(4).toString('hex')}`, 'gsac on this machine');
  const rootKeyId = keyIdOf(publicKey);
  const root = certificate({
    issuer: name,
    subject: name,
    from: now() - hourMs,
    until: now() + 30 * dayMs,
    publicKey,
    signedWith: privateKey,
    extensions: [
      extension(oids.basicConstraints, true, derOf(0x30, derTrue, derOf(0x02, Buffer.from([0])))),
      extension(oids.keyUsage, true, keyCertSign),
      extension(oids.subjectKeyIdentifier, false, derOf(0x04, rootKeyId)),
      extension(oids.nameConstraints, true, permitted(googleDomains)),
    ],
  });

  function issue(names: readonly string[]): SecureContext {
    const own = createKeys();
    const leaf = certificate({
      issuer: name,
      subject: nameOf('Google, as gsac answers for it'),
      from: now() - hourMs,
      until: now() + dayMs,
      publicKey: own.publicKey,
      signedWith: privateKey,
      extensions: [
        extension(oids.basicConstraints, true, derOf(0x30)),
        extension(oids.keyUsage, true, digitalSignature),
        extension(oids.extendedKeyUsage, false, derOf(0x30, derOid(oids.serverAuth))),
        extension(oids.subjectAlternativeName, false, derOf(0x30, ...names.map(dnsName))),
        extension(oids.authorityKeyIdentifier, false, derOf(0x30, derOf(0x80, rootKeyId))),
      ],
    });
    const key = own.privateKey.export({ format: 'pem', type: 'pkcs8' });
    // With the authority's own: browsers that know its key look for it in what is presented.
    return createSecureContext({ cert: toPem(leaf) + toPem(root), key });
  }

  const issued = new Map<string, { at: number; context: SecureContext }>();
  return {
    pem: toPem(root),
    keyHash: createHash('sha256')
      .update(publicKey.export({ format: 'der', type: 'spki' }))
      .digest('base64'),
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

function createKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1 */
const oids = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};

const derTrue = Buffer.from([0x01, 1, 0xff]);
/** Bit strings of one bit each; the byte before it says how many bits at the end do not count. */
const digitalSignature = Buffer.from([0x03, 2, 7, 0x80]);
const keyCertSign = Buffer.from([0x03, 2, 2, 0x04]);

/** What a certificate says. Times are epoch milliseconds. */
interface CertificateParts {
  issuer: Buffer;
  subject: Buffer;
  from: number;
  until: number;
  publicKey: KeyObject;
  signedWith: KeyObject;
  extensions: readonly Buffer[];
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate(parts: CertificateParts): Buffer {
  const algorithm = derOf(0x30, derOid(oids.ecdsaWithSha256));
  // Positive, and of the same length always.
  const serial = Buffer.concat([Buffer.from([0x40]), randomBytes(15)]);
  const content = derOf(
    0x30,
    derOf(0xa0, derOf(0x02, Buffer.from([2]))),
    derOf(0x02, serial),
    algorithm,
    parts.issuer,
    derOf(0x30, derTime(parts.from), derTime(parts.until)),
    parts.subject,
    parts.publicKey.export({ format: 'der', type: 'spki' }),
    derOf(0xa3, derOf(0x30, ...parts.extensions)),
  );
  const signature = sign('sha256', content, parts.signedWith);
  return derOf(0x30, content, algorithm, derOf(0x03, Buffer.from([0]), signature));
}

function extension(oid: string, isCritical: boolean, value: Buffer): Buffer {
  return derOf(0x30, derOid(oid), isCritical ? derTrue : Buffer.alloc(0), derOf(0x04, value));
}

function nameOf(commonName: string, organization?: string): Buffer {
  const part = (oid: string, text: string) =>
    derOf(0x31, derOf(0x30, derOid(oid), derOf(0x0c, Buffer.from(text))));
  const parts = organization === undefined ? [] : [part(oids.organization, organization)];
  return derOf(0x30, ...parts, part(oids.commonName, commonName));
}

/** Years from 2050 on have all four digits. */
function derTime(time: number): Buffer {
  const digits = `${new Date(time).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  const isLate = new Date(time).getUTCFullYear() >= 2050;
  return derOf(isLate ? 0x18 : 0x17, Buffer.from(isLate ? digits : digits.slice(2)));
}

function dnsName(name: string): Buffer {
  return derOf(0x82, Buffer.from(name));
}

/** NameConstraints with these domains, and all below them, as the only ones permitted. */
function permitted(domains: readonly string[]): Buffer {
  return derOf(0x30, derOf(0xa0, ...domains.map((domain) => derOf(0x30, dnsName(domain)))));
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest();
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
