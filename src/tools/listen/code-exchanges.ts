import { createHash } from 'node:crypto';
import { proveWritable } from '../../accounts/accounts.js';
import { type Exchanged, exchangeCode } from '../../accounts/exchange.js';
import type { CodeSource } from '../../core/auth-code.js';
import { parseAuthCode } from '../../core/auth-code.js';
import type { ResolvedClient } from '../../core/client-config.js';
import type { Services } from '../../wiring.js';

/** Where many codes are exchanged by one command. */
export interface CodeDesk {
  /** @throws {GsacError} as {@link proveWritable}. */
  proveWritable(): Promise<void>;
  /**
   * Exchanges a posted code. One that is posted again while it is at work (a tap too many, a client
   * that tries again) is not sent twice; both get what came of it.
   *
   * @throws {GsacError} as {@link exchangeCode}.
   */
  exchange(posted: string): Promise<Exchanged>;
}

/** So many codes are at work at once; the others wait for their turn. */
const mostAtOnce = 16;

/** Opens a desk. What has begun there is finished, also when the person cancels meanwhile. */
export function createCodeDesk(
  services: Services,
  client: ResolvedClient,
  source: CodeSource,
): CodeDesk {
  const atWork = new Map<string, Promise<Exchanged>>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (busy >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes from hand to hand.
      if (next === undefined) busy -= 1;
      else next();
    }
  }

  return {
    async proveWritable() {
      await proveWritable(services.withSignal(new AbortController().signal));
    },
    async exchange(posted) {
      const { code } = parseAuthCode(posted);
      const id = createHash('sha256').update(code).digest('hex');
      const same = atWork.get(id);
      if (same !== undefined) return same;
      const job = inTurn(() =>
        exchangeCode(services.withSignal(new AbortController().signal), client, {
          pasted: code,
          source,
          store: true,
          replay: false,
        }),
      ).finally(() => atWork.delete(id));
      atWork.set(id, job);
      return job;
    },
  };
}
