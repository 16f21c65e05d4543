import { GsacError, systemCodeOf } from './errors.js';

/**
 * Why nothing listens on a port: `address_in_use`, or `usage` for what the system says against the
 * address. What is none of the system's errors passes through.
 *
 * @param words.who what was to listen, as the beginning of a sentence.
 * @param words.hosts which are usual, as the beginning of another.
 */
export function toListenError(
  thrown: unknown,
  { host, port }: { host: string; port: number },
  words: { who: string; hosts: string },
): unknown {
  const code = systemCodeOf(thrown);
  if (thrown instanceof GsacError || code === undefined) return thrown;
  if (code === 'EADDRINUSE') {
    return new GsacError('address_in_use', `Port ${port} of ${host} is in use.`, {
      hint: 'Take another with --port, or any free one with --port 0.',
    });
  }
  return new GsacError('usage', `${words.who} cannot listen on ${host}, port ${port} (${code}).`, {
    hint: `${words.hosts}; ports below 1024 may be reserved.`,
  });
}
