import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/** A connection of this machine, seen from one of its ends. */
export type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>;

/**
 * Whose the other end of a loopback connection is; undefined if it is gone, or on a system without
 * /proc.
 *
 * @see https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
 */
export function ownerOf(socket: Ends): { userId: number; inode: string } | undefined {
  const theirs = toHex(socket.remoteAddress, socket.remotePort);
  const ours = toHex(socket.localAddress, socket.localPort);
  if (theirs === undefined || ours === undefined) return undefined;
  // A program may reach 127.0.0.1 by a socket of IPv6, as Java does.
  const mapped = '0000000000000000FFFF0000';
  for (const [table, prefix] of [
    ['tcp', ''],
    ['tcp6', mapped],
    ['tcp6', ''],
  ] as const) {
    for (const line of (readSockets(table) ?? '').split('\n')) {
      const [, local, remote, , , , , userId, , inode] = line.trim().split(/\s+/);
      if (local !== prefix + theirs || remote !== prefix + ours) continue;
      if (userId !== undefined && inode !== undefined && inode !== '0') {
        return { userId: Number(userId), inode };
      }
    }
  }
  return undefined;
}

/** The kernel's table of connections; undefined on a system without it. */
export function readSockets(table: 'tcp' | 'tcp6'): string | undefined {
  try {
    return readFileSync(`/proc/net/${table}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** `0100007F:1F90`, the kernel's notation of 127.0.0.1:8080 on machines of the usual byte order. */
function toHex(address: string | undefined, port: number | undefined): string | undefined {
  if (address === undefined || port === undefined) return undefined;
  const hex = (value: number, length: number) =>
    value.toString(16).toUpperCase().padStart(length, '0');
  if (address === '::1') return `${'0'.repeat(24)}01000000:${hex(port, 4)}`;
  const parts = address.replace(/^::ffff:/, '').split('.');
  if (parts.length !== 4) return undefined;
  const written = parts.map((part) => hex(Number(part), 2)).reverse();
  return `${written.join('')}:${hex(port, 4)}`;
}
