import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Who asks: the programs of a command, known by their descent or by a marker in their environment. */
export interface Family {
  /** The process whose descendants belong to it. */
  ancestor: number;
  /** `NAME=value`, which a daemon keeps that has lost its descent. */
  marker: string;
}

/**
 * Whether the other end of a loopback connection belongs to a user, and to a command's processes if these
 * are told. Linux only: it is read from /proc. What cannot be read there is nobody of ours.
 */
export function isServed(
  socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>,
  userId: number,
  family: Family | undefined,
): boolean {
  const owner = ownerOf(socket);
  if (owner === undefined || owner.userId !== userId) return false;
  return family === undefined || belongsTo(family, owner.inode);
}

/** @see https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html */
function ownerOf(
  socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>,
): { userId: number; inode: string } | undefined {
  const theirs = toHex(socket.remoteAddress, socket.remotePort);
  const ours = toHex(socket.localAddress, socket.localPort);
  if (theirs === undefined || ours === undefined) return undefined;
  // A program may reach 127.0.0.1 by a socket of IPv6, as Java does.
  const mapped = '0000000000000000FFFF0000';
  for (const [file, prefix] of [
    ['/proc/net/tcp', ''],
    ['/proc/net/tcp6', mapped],
  ] as const) {
    for (const line of readLines(file)) {
      const [, local, remote, , , , , userId, , inode] = line.trim().split(/\s+/);
      if (local !== prefix + theirs || remote !== prefix + ours) continue;
      if (userId !== undefined && inode !== undefined && inode !== '0') {
        return { userId: Number(userId), inode };
      }
    }
  }
  return undefined;
}

/** `0100007F:1F90`, the kernel's notation of 127.0.0.1:8080 on machines of the usual byte order. */
function toHex(address: string | undefined, port: number | undefined): string | undefined {
  const parts = address?.replace(/^::ffff:/, '').split('.') ?? [];
  if (parts.length !== 4 || port === undefined) return undefined;
  const hex = (value: number, length: number) =>
    value.toString(16).toUpperCase().padStart(length, '0');
  return `${parts
    .map((part) => hex(Number(part), 2))
    .reverse()
    .join('')}:${hex(port, 4)}`;
}

function belongsTo({ ancestor, marker }: Family, inode: string): boolean {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const holders = ids.filter((id) => holds(id, inode));
  return holders.some(
    (id) =>
      descendsFrom(id, ancestor) || readText(`/proc/${id}/environ`).split('\0').includes(marker),
  );
}

function holds(id: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${id}/fd`).some((handle) => {
      try {
        return readlinkSync(`/proc/${id}/fd/${handle}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    // It has ended, or is another user's.
    return false;
  }
}

function descendsFrom(begin: string, ancestor: number): boolean {
  // The name, which may hold anything, stands in brackets before the state and the parent.
  for (let id = Number(begin); id > 1; ) {
    if (id === ancestor) return true;
    const parent = /\) \S (\d+)[^)]*$/.exec(readText(`/proc/${id}/stat`))?.[1];
    if (parent === undefined) return false;
    id = Number(parent);
  }
  return false;
}

function readLines(file: string): string[] {
  return readText(file).split('\n');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
