import { networkInterfaces } from 'node:os';

/** Adapters that lead to containers and virtual machines, by the names that systems give them. */
const virtual = /^(vethernet|docker|br-|veth|virbr|vmnet|vboxnet|virtualbox|vmware|utun|tun|tap)/i;

/**
 * The addresses under which others reach a server that listens on `host`: for the wildcard addresses
 * those of this machine's interfaces, IPv4 first, those of virtual
 * adapters behind the others and loopback last, else the host itself.
 */
export function addressesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const usable = Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) => addresses.map((address) => ({ ...address, name })))
    // A link-local IPv6 address means nothing without its zone.
    .filter(({ family, address }) =>
      family === 'IPv4' ? true : host === '::' && !/^fe80:/i.test(address),
    );
  const rank = ({ name, family, address, internal }: (typeof usable)[number]) =>
    (internal ? 4 : 0) +
    (virtual.test(name) || address.startsWith('169.254.') ? 2 : 0) +
    (family === 'IPv4' ? 0 : 1);
  usable.sort((one, other) => rank(one) - rank(other));
  return [...new Set(usable.map(({ address }) => address))];
}
