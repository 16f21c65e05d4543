import { networkInterfaces } from 'node:os';

/**
 * The addresses under which others reach a server that listens on `host`: for the wildcard addresses
 * those of this machine's interfaces, IPv4 first and loopback last, else the host itself.
 */
export function addressesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const usable = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    // A link-local IPv6 address means nothing without its zone.
    .filter(({ family, address }) =>
      family === 'IPv4' ? true : host === '::' && !/^fe80:/i.test(address),
    );
  const rank = ({ family, internal }: { family: string; internal: boolean }) =>
    (internal ? 2 : 0) + (family === 'IPv4' ? 0 : 1);
  usable.sort((one, other) => rank(one) - rank(other));
  return [...new Set(usable.map(({ address }) => address))];
}
