import { join } from 'node:path';
import { GsacError } from '../core/errors.js';
import type { RefreshLock, SharedRefresh } from '../core/ports.js';
import { accountFileName } from './account-file.js';
import { type LockAttempt, tryLock } from './lock-file.js';
import { forgetFailure, readFailure, recordFailure } from './shared-failure.js';

/** What a refresh lock needs. */
export interface RefreshLockOptions {
  /** Where the locks lie; made when first needed. All processes must name the same one. */
  directory: string;
  /** Epoch milliseconds; the same clock for all processes. */
  now: () => number;
  /** Resolves after so many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
}

/** The bounds of the random pause between two looks at a lock that another holds, in milliseconds. */
const pause = { least: 15, most: 150 } as const;

/**
 * A refresh lock over files in `directory`, one lock per account. It holds between processes of one
 * machine and between callers within one process; the port says what it promises. A lock whose
 * holder was killed is taken over after ten seconds.
 *
 * It knows nothing of other machines that share the folder over a network.
 */
export function createRefreshLock(options: RefreshLockOptions): RefreshLock {
  return {
    async share(key, shared) {
      const path = join(options.directory, accountFileName(key));
      const failurePath = `${path}.failure.json`;
      const turn = await waitForTurn(path, failurePath, shared, options);
      if ('answer' in turn) return turn.answer;
      try {
        const answer = await shared.refresh();
        forgetFailure(failurePath);
        return answer;
      } catch (thrown) {
        // Before the lock is given back: who gets it next looks for this.
        recordFailure(failurePath, thrown, options.now());
        throw thrown;
      } finally {
        await turn.release();
      }
    },
  };
}

type Turn<T> = { answer: T } | { release: () => Promise<void> };

/**
 * Waits until it is our turn, or until another process's refresh answers for us.
 *
 * Only a caller that has found the lock taken shares a failure: a second try in the millisecond of
 * the first one's failure did not wait, and must ask Google again.
 */
async function waitForTurn<T>(
  path: string,
  failurePath: string,
  shared: SharedRefresh<T>,
  { now, sleep }: RefreshLockOptions,
): Promise<Turn<T>> {
  const began = now();
  // Counted beside the clock, which may be set back or, in a test, stand still.
  let slept = 0;
  let waited = false;
  for (;;) {
    const attempt: LockAttempt = await tryLock(path);
    const release = typeof attempt === 'function' ? attempt : async () => {};
    try {
      waited ||= attempt === 'busy';
      const answer = await shared.settled();
      if (answer !== undefined) {
        await release();
        return { answer };
      }
      const failure = waited ? readFailure(failurePath) : undefined;
      if (failure !== undefined && failure.at >= began) throw failure.error;
    } catch (thrown) {
      await release();
      throw thrown;
    }
    if (attempt !== 'busy') return { release };

    if (Math.max(slept, now() - began) >= shared.waitMs) throw waitTimeout(shared.waitMs);
    const next = pause.least + Math.random() * (pause.most - pause.least);
    await sleep(next);
    slept += next;
  }
}

function waitTimeout(waitMs: number): GsacError {
  const seconds = Math.round(waitMs / 1000);
  return new GsacError(
    'refresh_wait_timeout',
    `Another gsac process is refreshing this account, and was not done after ${seconds} s.`,
    { hint: 'Run the command again; look for a gsac process that hangs if it stays so.' },
  );
}
