import { createHash, randomFillSync } from 'node:crypto';
import { expect } from 'vitest';
import type { ConnectAnswer } from '../../src/google/connect.js';
import { type Desk, emulatorFetch, type Fetch } from '../support/run.js';

/** Faults that pass by themselves, or with a new access token. */
export const passingFaults: readonly [string, object][] = [
  ['reset', {}],
  ['status', { status: 503 }],
  ['rate-limit', { retryAfter: 0 }],
  ['access-token-invalid', {}],
  ['torn-body', { keep: 0.3 }],
  ['latency', { ms: 5 }],
];

/** Faults that last, and what a transfer fails with. */
export const lastingFaults = [
  ['reset', {}, 'connection_lost'],
  ['status', { status: 503 }, 'google_unavailable'],
  ['rate-limit', { retryAfter: 4000 }, 'rate_limited'],
  ['access-token-invalid', {}, 'access_token_refused'],
  ['insufficient-scope', {}, 'scope_missing'],
  ['api-disabled', {}, 'api_disabled'],
] as const;

/** Bytes that nothing can compress or guess. */
export function randomBytesOf(size: number): Buffer {
  return randomFillSync(Buffer.alloc(size));
}

/** The MD5 as Drive writes it. */
export function md5Of(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

/** Puts a file into the folder, as `gsac files put` does. */
export async function putFile(
  desk: Desk,
  name: string,
  content: Uint8Array,
): Promise<Record<string, unknown>> {
  const ran = await desk.run(['files', 'put', '-', '--name', name, '--json'], { stdin: content });
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stderr: '' });
  const { file } = ran.json<{ file: Record<string, unknown> }>();
  expect(file).toMatchObject({ name, md5Checksum: md5Of(content) });
  return file;
}

/** The emulator, with the downloads cut after so many bytes each, one after the other. */
export function cutAnswers(
  desk: Desk,
  cuts: readonly number[],
  { ranges = true, onCut = () => {} }: { ranges?: boolean; onCut?: () => void } = {},
): { fetch: Fetch; ranges: (string | null)[] } {
  const ask = emulatorFetch(desk.emulator);
  const left = [...cuts];
  const asked: (string | null)[] = [];
  return {
    ranges: asked,
    async fetch(url, init) {
      if (!url.includes('alt=media')) return ask(url, init);
      const { range = null, ...headers } = init.headers as { range?: string };
      asked.push(range);
      const answer = await ask(url, ranges ? init : { ...init, headers });
      const cut = left.shift();
      if (cut === undefined) return answer;
      return {
        status: answer.status,
        headers: answer.headers,
        body: upTo(answer.body, cut, onCut),
      };
    },
  };
}

async function* upTo(
  body: ConnectAnswer['body'],
  bytes: number,
  onCut: () => void,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body ?? []) {
    const piece = Buffer.from(chunk).subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) yield piece;
    if (left === 0) break;
  }
  onCut();
  throw Object.assign(new TypeError('terminated'), { cause: { code: 'ECONNRESET' } });
}

/** The emulator, with the bodies that are sent cut after so many bytes each, one after the other. */
export function cutUploads(
  desk: Desk,
  cuts: readonly number[],
): { fetch: Fetch; ranges: string[] } {
  const ask = emulatorFetch(desk.emulator);
  const left = [...cuts];
  const ranges: string[] = [];
  return {
    ranges,
    async fetch(url, init) {
      if (init.method !== 'PUT' || init.stream === undefined) return ask(url, init);
      ranges.push(init.headers['content-range'] ?? '');
      const cut = ranges.at(-1)?.startsWith('bytes *') ? undefined : left.shift();
      if (cut === undefined) return ask(url, init);
      const came: Uint8Array[] = [];
      for await (const piece of init.stream) came.push(piece);
      const stream = (async function* () {
        if (cut > 0) yield Buffer.concat(came).subarray(0, cut);
      })();
      await ask(url, { ...init, stream });
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'EPIPE' } });
    },
  };
}
