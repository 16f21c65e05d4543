import { GsacError } from './errors.js';
/** A function that does its work once; its result is kept, a rejected promise too. */
export function once<T>(work: () => T): () => T {
  let done: { value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

/**
 * Waits for what may never come, until the person cancels.
 *
 * @param graceMs how long it may still come after that.
 * @throws {GsacError} `cancelled`; what `pending` is rejected with.
 */
export function orCancelled<T>(pending: Promise<T>, signal: AbortSignal, graceMs = 0): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let cancel = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => {
      timer = setTimeout(() => reject(new GsacError('cancelled', 'Cancelled.')), graceMs);
    };
  });
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel);
  return Promise.race([pending, cancelled]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  });
}
