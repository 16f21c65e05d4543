/** How long native calls are waited for, in milliseconds. */
export interface NativeGuardOptions {
  timeoutMs: number;
  /** After how long `onSlow` is called. */
  slowMs: number;
  /** Called at most once, when a call takes long. */
  onSlow?: (() => void) | undefined;
  /** The error of a call that was given up. */
  toTimeoutError: (milliseconds: number) => Error;
}

/** Runs native calls that may never return, and cannot be cancelled. */
export interface NativeGuard {
  /** Runs a call after those before it, and gives it up after `timeoutMs`. */
  run<T>(call: () => Promise<T>): Promise<T>;
  /** True while a call that was given up has not returned; every further one then fails at once. */
  readonly stuck: boolean;
  /** Resolves when no call is stuck any more. */
  released(): Promise<void>;
}

/**
 * A guard that lets one call through at a time: each occupies a thread of the pool that files and
 * name look-ups need too, and four that wait for an unlock dialog would stop those.
 */
export function createNativeGuard(options: NativeGuardOptions): NativeGuard {
  let queue: Promise<unknown> = Promise.resolve();
  let stuckCall: Promise<unknown> | undefined;
  let saidSlow = false;

  function saySlow(): void {
    if (saidSlow) return;
    saidSlow = true;
    options.onSlow?.();
  }

  async function bounded<T>(call: () => Promise<T>): Promise<T> {
    if (stuckCall !== undefined) throw options.toTimeoutError(options.timeoutMs);
    const running = call();
    const slow = setTimeout(saySlow, options.slowMs);
    let deadline: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        running,
        new Promise<never>((_, reject) => {
          deadline = setTimeout(() => {
            const settled = running.catch(() => {});
            stuckCall = settled;
            void settled.then(() => {
              stuckCall = undefined;
            });
            reject(options.toTimeoutError(options.timeoutMs));
          }, options.timeoutMs);
        }),
      ]);
    } finally {
      clearTimeout(slow);
      clearTimeout(deadline);
    }
  }

  return {
    run(call) {
      const result = queue.then(() => bounded(call));
      queue = result.catch(() => {});
      return result;
    },
    get stuck() {
      return stuckCall !== undefined;
    },
    async released() {
      await stuckCall;
    },
  };
}
