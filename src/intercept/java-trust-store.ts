import { derOf, derOid } from './der.js';

const data = '1.2.840.113549.1.7.1';
const certBag = '1.2.840.113549.1.12.10.1.3';
const x509Certificate = '1.2.840.113549.1.9.22.1';
const friendlyName = '1.2.840.113549.1.9.20';
/** Oracle's mark of a trusted certificate, without which Java reads none. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1';
const anyExtendedKeyUsage = '2.5.29.37.0';

/**
 * Writes certificates as a PKCS #12 trust store, which Java opens without a password: it holds nothing
 * secret, and a folder that only its owner may write guards it better than a password in a variable.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7292
 */
export function createJavaTrustStore(certificates: readonly Uint8Array[]): Buffer {
  const bags = certificates.map((certificate, at) =>
    derOf(
      0x30,
      derOid(certBag),
      derOf(0xa0, derOf(0x30, derOid(x509Certificate), derOf(0xa0, derOf(0x04, certificate)))),
      derOf(
        0x31,
        attribute(friendlyName, derOf(0x1e, Buffer.from(`ca-${at}`, 'utf16le').swap16())),
        attribute(trustedKeyUsage, derOid(anyExtendedKeyUsage)),
      ),
    ),
  );
  const safe = contentInfo(derOf(0x30, ...bags));
  return derOf(0x30, derOf(0x02, Buffer.from([3])), contentInfo(derOf(0x30, safe)));
}

function attribute(oid: string, value: Uint8Array): Buffer {
  return derOf(0x30, derOid(oid), derOf(0x31, value));
}

function contentInfo(content: Uint8Array): Buffer {
  return derOf(0x30, derOid(data), derOf(0xa0, derOf(0x04, content)));
}
