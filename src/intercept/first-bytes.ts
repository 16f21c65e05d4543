import type { Socket } from 'node:net';
import { type FirstBytes, readClientHello } from './client-hello.js';

/** How long a client may take for its first bytes, and for the handshake. */
export const firstBytesMs = 60_000;

/**
 * Waits for what a client says first, and puts it back.
 *
 * @returns undefined if it says nothing, or goes away.
 */
export function readFirst(
  socket: Socket,
  head: Buffer,
): Promise<Exclude<FirstBytes, 'more'> | 'http' | undefined> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const end = (found: Exclude<FirstBytes, 'more'> | 'http' | undefined) => {
      clearTimeout(timer);
      socket.off('data', take);
      socket.off('close', gone);
      socket.pause();
      socket.unshift(Buffer.concat(parts));
      resolve(found);
    };
    const take = (part: Buffer) => {
      parts.push(part);
      const bytes = Buffer.concat(parts);
      const found = readClientHello(bytes);
      if (found === 'more') return;
      const isText = found === 'other' && /^[A-Z]{3,10} [/*]/.test(bytes.toString('latin1', 0, 16));
      end(isText ? 'http' : found);
    };
    const gone = () => resolve(undefined);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(undefined);
    }, firstBytesMs).unref();
    socket.once('close', gone);
    socket.on('data', take);
    if (head.length > 0) take(head);
    else socket.resume();
  });
}
