import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Who may use the proxy. */
export interface Access {
  /** For the proxy's URL, if anybody is asked for one. */
  readonly password: string | undefined;
  /** Whether programs on this machine are asked for it. */
  readonly asksLocally: boolean;
  /** What a new connection must show: nothing more, the password, or it is a stranger's. */
  judge(socket: Socket): Promise<'welcome' | 'password' | 'stranger'>;
  /** Whether a `Proxy-Authorization` (or `Authorization`) header carries the password. */
  knowsPassword(header: string | undefined): boolean;
}

/** What decides on {@link Access}. */
export interface AccessOptions {
  platform: NodeJS.Platform;
  /** Ours, where the platform has such numbers. */
  userId: number | undefined;
  /** Whether other machines can connect. */
  isOpenToNetwork: boolean;
}

/**
 * On Linux, the kernel says whose a connection of this machine is, and only our own user's (and root's,
 * who can do anything) are served. Elsewhere, and for connections from other machines, a password in
 * the proxy's URL guards it.
 */
export async function createAccess(options: AccessOptions): Promise<Access> {
  const { platform, userId, isOpenToNetwork } = options;
  const seesOwners =
    platform === 'linux' && userId !== undefined && (await readSockets()) !== undefined;
  const password =
    seesOwners && !isOpenToNetwork ? undefined : randomBytes(24).toString('base64url');
  const expected = Buffer.from(`gsac:${password}`);
  return {
    password,
    asksLocally: !seesOwners,
    async judge(socket) {
      if (!seesOwners || !isLoopback(socket.remoteAddress)) return 'password';
      const owner = await ownerOf(socket);
      return owner === userId || owner === 0 ? 'welcome' : 'stranger';
    },
    knowsPassword(header) {
      const [, encoded = ''] = /^basic +([\w+/=-]{1,200})$/i.exec(header ?? '') ?? [];
      const given = Buffer.from(encoded, 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/** Whether an address is this machine's own; IPv4 may be written as IPv6. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

const tables = ['/proc/net/tcp', '/proc/net/tcp6'];

async function readSockets(): Promise<string | undefined> {
  try {
    // Java connects by IPv6 sockets also where the address is of IPv4.
    const [four = '', six = ''] = await Promise.all(
      tables.map((path, at) => readFile(path, 'latin1').catch((thrown) => orEmpty(thrown, at))),
    );
    return four + six;
  } catch {
    return undefined;
  }
}

/** A kernel without IPv6 has no second table. */
function orEmpty(thrown: unknown, at: number): string {
  if (at > 0) return '';
  throw thrown;
}

/** The user of the other end of a connection on this machine; undefined if it is gone already. */
async function ownerOf({ remotePort, localPort }: Socket): Promise<number | undefined> {
  const ends = [remotePort, localPort].map((port = 0) =>
    port.toString(16).toUpperCase().padStart(4, '0'),
  );
  for (const line of ((await readSockets()) ?? '').split('\n')) {
    const [, local = '', remote = '', , , , , user] = line.trim().split(/\s+/);
    if (isEnd(local, ends[0]) && isEnd(remote, ends[1])) return Number(user);
  }
  return undefined;
}

/** 127.0.0.1 as the kernel writes it, also behind the prefix of IPv6; and ::1. */
function isEnd(written: string, port: string | undefined): boolean {
  const [address = '', ownPort] = written.split(':');
  return ownPort === port && /(00007F|^0{24}01000000)$/.test(address);
}
