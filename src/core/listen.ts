import type { ListenOptions, Server } from 'node:net';
import { GsacError, systemCodeOf } from './errors.js';

/** Has a server listen. @throws what the system says; see {@link toListenError}. */
export function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Why nothing listens on a port: `address_in_use`, or `usage` for what the system says against the
 * address. What is none of the system's errors passes through.
 *
 * @param words.who what was to listen, as the beginning of a sentence.
 * @param words.hosts what else could be tried, as the beginning of another.
 * @param words.inUse what to do if the port is taken.
 */
export function toListenError(
  thrown: unknown,
  { host, port }: { host: string; port: number },
  words: { who: string; hosts: string; inUse?: string },
): unknown {
  const code = systemCodeOf(thrown);
  if (thrown instanceof GsacError || code === undefined) return thrown;
  if (code === 'EADDRINUSE') {
    return new GsacError('address_in_use', `Port ${port} of ${host} is in use.`, {
      hint: words.inUse ?? 'Take another with --port, or any free one with --port 0.',
      details: { port },
    });
  }
  const reserved =
    code === 'EACCES'
      ? ' The system may reserve this port: on Unix those below 1024, on Windows those that `netsh interface ipv4 show excludedportrange tcp` lists.'
      : '';
  return new GsacError('usage', `${words.who} cannot listen on ${host}, port ${port} (${code}).`, {
    hint: `${words.hosts}.${reserved}`,
  });
}
