import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** The MD5 of bytes that come one after the other. */
export interface Checksum {
  /** Takes the next bytes. They must not change until it resolves. */
  update(bytes: Uint8Array): Promise<void>;
  /** Of all bytes taken so far, in hexadecimal digits as Drive writes it. More may follow. */
  digest(): Promise<string>;
  /** Ends what computes it; nothing may be asked of it afterwards. */
  close(): void;
}

/** From here on a thread of its own is worth its start: this many bytes take as long to hash. */
const worthThreadBytes = 8 * 1_048_576;

/**
 * Memory that other threads see too, so that {@link createChecksum} need not copy what lies in it.
 * It is all zeros.
 */
export function allocateShared(bytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(bytes));
}

/**
 * Begins a checksum. That of a large file is computed in a thread beside the main one, which has a
 * connection to attend to: MD5 takes about as long as the bytes take over loopback.
 *
 * @param size how many bytes will come; undefined where nobody knows, which counts as many.
 */
export function createChecksum(size: number | undefined): Checksum {
  return size !== undefined && size < worthThreadBytes ? checksumHere() : checksumBeside();
}

function checksumHere(): Checksum {
  const hash = createHash('md5');
  return {
    async update(bytes) {
      hash.update(bytes);
    },
    digest: async () => hash.copy().digest('hex'),
    close: () => undefined,
  };
}

/** What the thread runs: bytes are answered with nothing once they are hashed, all else with the digest. */
const program = `
const { parentPort } = require('node:worker_threads');
const hash = require('node:crypto').createHash('md5');
parentPort.on('message', (bytes) => {
  if (bytes instanceof Uint8Array) hash.update(bytes);
  parentPort.postMessage(bytes instanceof Uint8Array ? '' : hash.copy().digest('hex'));
});`;

interface Waiting {
  resolve: (answer: string) => void;
  reject: (error: unknown) => void;
}

function checksumBeside(): Checksum {
  const worker = new Worker(program, { eval: true, name: 'gsac-md5', env: {}, execArgv: [] });
  // The thread answers in the order in which it was asked.
  const waiting: Waiting[] = [];
  let failure: unknown;
  const fail = (thrown: unknown) => {
    failure = thrown;
    for (const { reject } of waiting.splice(0)) reject(thrown);
  };
  worker.on('message', (answer: string) => waiting.shift()?.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that computes the checksum has ended.')));
  const ask = (question: Uint8Array | undefined) =>
    new Promise<string>((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      waiting.push({ resolve, reject });
      worker.postMessage(question);
    });
  return {
    update: async (bytes) => void (await ask(bytes)),
    digest: () => ask(undefined),
    close: () => void worker.terminate(),
  };
}
