import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import * as tls from 'node:tls';

/** Variables that name a file of certificates, in whose place ours goes or beside which it is read. */
export const trustVariables = [
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
] as const;

/** Where the systems keep the certificates that they trust, as OpenSSL, Go and curl look for them. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const mostBytes = 16 * 1_048_576;

/**
 * Every certificate that programs on this machine trust, as PEM, each once: the system's own, the
 * list that Node brings, and what the variables of {@link trustVariables} name.
 */
export function collectRoots(env: Readonly<Record<string, string | undefined>>): string[] {
  const system = systemFiles.map(readCertificates).find((found) => found.length > 0) ?? [];
  return unique([
    ...system,
    ...(system.length > 0 ? [] : systemStore()),
    ...tls.rootCertificates,
    ...trustVariables.flatMap((name) => readCertificates(env[name])),
  ]);
}

/** The certificates in a file, as PEM; none if it cannot be read. */
export function readCertificates(path: string | undefined): string[] {
  if (path === undefined || path === '') return [];
  return [
    ...readPlainFile(path).matchAll(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g),
  ].map(([pem]) => pem);
}

/** The bytes of a certificate in PEM. */
export function toDer(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]*-----/g, ''), 'base64');
}

/** macOS and Windows keep theirs in no file; Node can list them from version 22.15 on. */
function systemStore(): string[] {
  const { getCACertificates } = tls as typeof tls & {
    getCACertificates?: (kind: 'system') => string[];
  };
  try {
    return getCACertificates?.('system') ?? [];
  } catch {
    return [];
  }
}

function unique(pems: readonly string[]): string[] {
  return [...new Map(pems.map((pem) => [pem.replace(/\s/g, ''), pem])).values()];
}

/** The text of a regular file, up to a bound; '' for a pipe, a device and what cannot be read. */
export function readPlainFile(path: string): string {
  let file: number | undefined;
  try {
    // To open a pipe that nobody writes to would otherwise wait for ever.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!fstatSync(file).isFile()) return '';
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, mostBytes));
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
