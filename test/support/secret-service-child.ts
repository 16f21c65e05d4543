import { createInterface } from 'node:readline';
import { createKeychainStore } from '../../src/accounts/stores/keychain.js';
import { endStuckProcess } from '../../src/accounts/stores/keychain-exit.js';
import type { Credential } from '../../src/core/account.js';
import { GsacError, messageOf } from '../../src/core/errors.js';

/** What the parent asks, one JSON document a line; see secret-service-store.ts. */
export type Question =
  | { method: 'proveWritable' }
  | { method: 'read' | 'remove'; key: string }
  | { method: 'write'; key: string; credential: Credential }
  | { method: 'stuck' };

/** What the child answers, in the order in which it has the answers. */
export type Answer = { id: number } & (
  | { value: unknown }
  | { code: string; message: string; hint: string | undefined }
);

const store = createKeychainStore({
  platform: process.platform,
  interactive: false,
  timeoutMs: Number(process.argv[2] ?? 10_000),
});

async function ask(question: Question): Promise<unknown> {
  switch (question.method) {
    case 'proveWritable':
      return store.proveWritable();
    case 'read':
      return store.read(question.key);
    case 'remove':
      return store.remove(question.key);
    case 'write':
      return store.write(question.key, question.credential);
    case 'stuck':
      return store.stuck;
  }
}

async function answer(id: number, question: Question): Promise<Answer> {
  try {
    return { id, value: await ask(question) };
  } catch (thrown) {
    const { code, hint } = thrown instanceof GsacError ? thrown : { code: 'bug', hint: undefined };
    return { id, code, message: messageOf(thrown), hint };
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const { id, question } = JSON.parse(line) as { id: number; question: Question };
  process.stdout.write(`${JSON.stringify(await answer(id, question))}\n`);
});
// Its parent closes standard input where a command would be at its end.
lines.on('close', async () => {
  if (!store.stuck) process.exit(0);
  process.stderr.write('gsac: error: the keychain did not answer\n');
  await endStuckProcess(5, store, process);
});
