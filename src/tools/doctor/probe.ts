import { parseJsonObject } from '../../core/json.js';
import { type Http, serverTimeOf } from '../../google/http.js';

/** Builds the look at an address; one attempt, nothing secret, no redirect followed. */
export function createProbe(http: Http, now: () => number): Probe {
  return async (url) => {
    const startedAt = now();
    const answer = await http({ method: 'GET', url, headers: { accept: 'application/json' } });
    return {
      status: answer.status,
      isJson: parseJsonObject(answer.text) !== undefined,
      serverTime: serverTimeOf(answer.headers),
      startedAt,
      endedAt: now(),
    };
  };
}

/** What came of a look at an address, without any secret sent. */
export interface ProbeAnswer {
  status: number;
  /** Whether the body is a JSON object. */
  isJson: boolean;
  /** Epoch milliseconds of the answer's `Date`, moved on by its `Age`; undefined where it has none. */
  serverTime: number | undefined;
  /** Our clock when the request began and when its answer was there. */
  startedAt: number;
  endedAt: number;
}

/**
 * Asks an address once, by GET, within the request's timeout.
 * @throws {GsacError} what the network said.
 */
export type Probe = (url: string) => Promise<ProbeAnswer>;
