import { parseJsonObject } from '../../core/json-object.js';
import type { Http } from '../../google/http.js';
import { serverTimeOf } from '../../google/server-time.js';
import type { Probe } from './machine-port.js';

/** Builds the look at an address; one attempt, nothing secret, no redirect followed. */
export function createProbe(http: Http, now: () => number): Probe {
  return async (url) => {
    const startedAt = now();
    const answer = await http({ method: 'GET', url, headers: { accept: 'application/json' } });
    return {
      status: answer.status,
      isJson: parseJsonObject(answer.text) !== undefined,
      serverTime: serverTimeOf(answer.header),
      startedAt,
      endedAt: now(),
    };
  };
}
