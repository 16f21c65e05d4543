import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect, TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../../src/intercept/authority.js';

const day = 86_400_000;

/** What a client that trusts the authority sees of a host. */
async function certificateOf(host: string, authority = createAuthority(Date.now)) {
  const server = createServer((raw) => {
    const secureContext = authority.contextFor(host);
    new TLSSocket(raw, { isServer: true, secureContext }).on('error', () => undefined);
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', servername: host, ca: authority.pem });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  const found = socket.getPeerX509Certificate();
  if (found === undefined) throw new Error('no certificate');
  return found;
}

it('vouches for Google’s hosts, of any depth', async () => {
  for (const host of ['www.googleapis.com', 'accounts.google.com', 'a.b.c.googleapis.com']) {
    const found = await certificateOf(host);
    expect(found.checkHost(host)).toBeDefined();
    // PHP keeps checking the first host's name.
    expect(found.checkHost('oauth2.googleapis.com')).toBeDefined();
    expect(found.checkHost('accounts.google.com')).toBeDefined();
  }
});

it('vouches for nobody else: clients refuse what it signs for other hosts', async () => {
  await expect(certificateOf('example.org')).rejects.toThrow('permitted subtree violation');
});

it('lasts 30 days, and its certificates a day; both began an hour ago', async () => {
  const now = Date.now();
  const authority = createAuthority(() => now);
  const root = new X509Certificate(authority.pem);
  const leaf = await certificateOf('www.googleapis.com', authority);
  expect(root.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  for (const [certificate, life] of [
    [root, 30 * day],
    [leaf, day],
  ] as const) {
    const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    expect(Math.abs(from - (now - 3_600_000))).toBeLessThan(1_000);
    expect(Math.abs(until - (now + life))).toBeLessThan(1_000);
  }
});

it('renews a certificate before it ends', () => {
  let now = Date.now();
  const authority = createAuthority(() => now);
  const first = authority.contextFor('www.googleapis.com');
  now += day / 4;
  expect(authority.contextFor('oauth2.googleapis.com')).toBe(first);
  now += day / 2;
  expect(authority.contextFor('www.googleapis.com')).not.toBe(first);
});

it('says the hash of its key, for browsers', () => {
  const authority = createAuthority(Date.now);
  const { publicKey } = new X509Certificate(authority.pem);
  const key = publicKey.export({ format: 'der', type: 'spki' });
  expect(createHash('sha256').update(key).digest('base64')).toBe(authority.keyHash);
});
