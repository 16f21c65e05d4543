import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CredentialStore } from '../../src/accounts/stores/store.js';
import type { Credential } from '../../src/core/account.js';
import { type ErrorCode, GsacError } from '../../src/core/errors.js';
import type { Answer, Question } from './secret-service-child.js';

/** A keychain store that lives in a process of its own, since keytar talks to its process's bus. */
export interface KeychainProcess {
  readonly store: CredentialStore;
  isStuck(): Promise<boolean>;
  /** Lets the process end as a command would, and says how it ended. */
  end(): Promise<{ exitCode: number | null; signal: string | null; stderr: string }>;
}

/**
 * Starts a process with a keychain store.
 *
 * @param script the compiled secret-service-child.ts.
 */
export function startKeychainProcess(
  script: string,
  env: NodeJS.ProcessEnv,
  timeoutMs = 10_000,
): KeychainProcess {
  const child = spawn(process.execPath, [script, String(timeoutMs)], { env });
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const waiting = new Map<number, (answer: Answer | Error) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  void ended.then((how) => {
    for (const settle of waiting.values()) {
      settle(new Error(`the child ended: ${JSON.stringify(how)} ${stderr}`));
    }
  });

  let last = 0;
  async function ask(question: Question): Promise<unknown> {
    const id = ++last;
    const answer = await new Promise<Answer | Error>((resolve) => {
      waiting.set(id, resolve);
      child.stdin.write(`${JSON.stringify({ id, question })}\n`);
    });
    if (answer instanceof Error) throw answer;
    if ('code' in answer) {
      throw new GsacError(answer.code as ErrorCode, answer.message, { hint: answer.hint });
    }
    return answer.value;
  }

  return {
    store: {
      kind: 'keychain',
      readOnly: false,
      proveWritable: async () => void (await ask({ method: 'proveWritable' })),
      read: async (key) => (await ask({ method: 'read', key })) as Credential | undefined,
      write: async (key, credential) => void (await ask({ method: 'write', key, credential })),
      remove: async (key) => (await ask({ method: 'remove', key })) === true,
    },
    isStuck: async () => (await ask({ method: 'stuck' })) === true,
    async end() {
      child.stdin.end();
      const how = await ended;
      return { ...how, stderr };
    },
  };
}
