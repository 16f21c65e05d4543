import { createServer, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that breaks connections in the middle. */
export interface CuttingProxy {
  origin: string;
  /** Breaks the next request or answer whose body is longer, after so many bytes of it. */
  cut(direction: 'up' | 'down', bytes: number): void;
  /** How many connections were broken. */
  readonly broken: number;
}

/** Starts a proxy in front of an emulator; it ends with the test. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const cuts: { direction: 'up' | 'down'; bytes: number }[] = [];
  let broken = 0;

  /** Copies a body; where a cut is due in it, breaks the connection instead. */
  async function copy(
    from: IncomingMessage,
    direction: 'up' | 'down',
    write: (chunk: Buffer) => Promise<unknown>,
  ): Promise<boolean> {
    const length = Number(from.headers['content-length'] ?? 0);
    const at = cuts.findIndex((cut) => cut.direction === direction && length > cut.bytes);
    let left = at < 0 ? Number.POSITIVE_INFINITY : (cuts.splice(at, 1)[0]?.bytes ?? 0);
    for await (const chunk of from) {
      const piece = (chunk as Buffer).subarray(0, left);
      left -= piece.length;
      await write(piece);
      if (left === 0) {
        broken += 1;
        return false;
      }
    }
    return true;
  }

  const server = createServer(async (incoming, outgoing) => {
    // Breaking off the reading takes the socket away from the request.
    const { method, url, headers, socket } = incoming;
    const options = { method, headers, agent: false } as RequestOptions;
    const onward = request(`${target}${url}`, options);
    onward.on('error', () => socket.destroy());
    onward.on('response', async (answer) => {
      const { location } = answer.headers;
      if (location !== undefined) answer.headers.location = location.replace(target, origin);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const whole = await copy(answer, 'down', (chunk) => settled(outgoing, chunk));
      if (whole) outgoing.end();
      else socket.destroy();
    });
    const whole = await copy(incoming, 'up', (chunk) => settled(onward, chunk)).catch(() => false);
    if (whole) return void onward.end();
    onward.destroy();
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin,
    cut: (direction, bytes) => void cuts.push({ direction, bytes }),
    get broken() {
      return broken;
    },
  };
}

function settled(
  stream: { write(chunk: Buffer, done: () => void): unknown },
  chunk: Buffer,
): Promise<void> {
  return new Promise((resolve) => stream.write(chunk, () => resolve()));
}
