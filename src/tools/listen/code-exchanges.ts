import { createHash } from 'node:crypto';
import { type Exchanged, exchangeCode } from '../../accounts/exchange.js';
import { createPlaces } from '../../accounts/refresh-all.js';
import type { Provided } from '../../cli/runtime.js';
import { type CodeSource, parseAuthCode } from '../../core/auth-code.js';
import type { ResolvedClient } from '../../core/client-config.js';

/** How many codes are exchanged at once; the others wait for their turn. */
const mostAtOnce = 16;

/**
 * Builds the exchange of posted codes. A code that is posted again during its exchange (a second tap,
 * a client that retries) is not sent twice: both callers get the same result. An exchange that has
 * begun is finished even if the person cancels meanwhile.
 *
 * @returns a function that throws as {@link exchangeCode}.
 */
export function createCodeExchange(
  provided: Provided,
  client: ResolvedClient,
  source: CodeSource,
): (posted: string) => Promise<Exchanged> {
  const running = new Map<string, Promise<Exchanged>>();
  const places = createPlaces(mostAtOnce);

  async function exchange(pasted: string): Promise<Exchanged> {
    const leave = await places.take();
    const work = provided.withSignal(new AbortController().signal);
    return exchangeCode(work, client, { pasted, source, store: true, replay: false }).finally(
      leave,
    );
  }

  return async (posted) => {
    const { code } = parseAuthCode(posted);
    const id = createHash('sha256').update(code).digest('hex');
    const exchanged = running.get(id) ?? exchange(code).finally(() => running.delete(id));
    running.set(id, exchanged);
    return exchanged;
  };
}
