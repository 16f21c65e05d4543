import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Ends, ownerOf, readSockets } from './socket-owner.js';

/** Who may use the proxy. */
export interface Access {
  /** For the proxy's URL, if anybody is asked for one. */
  readonly password: string | undefined;
  /** Whether programs on this machine are asked for it. */
  readonly asksLocally: boolean;
  /** What a new connection must show: nothing more, the password, or it is a stranger's. */
  judge(socket: Ends): 'welcome' | 'password' | 'stranger';
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
export function createAccess(options: AccessOptions): Access {
  const { platform, userId, isOpenToNetwork } = options;
  const seesOwners =
    platform === 'linux' && userId !== undefined && readSockets('tcp') !== undefined;
  const password =
    seesOwners && !isOpenToNetwork ? undefined : randomBytes(24).toString('base64url');
  const expected = Buffer.from(`gsac:${password}`);
  return {
    password,
    asksLocally: !seesOwners,
    judge(socket) {
      if (!seesOwners || !isLoopback(socket.remoteAddress)) return 'password';
      const owner = ownerOf(socket)?.userId;
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
