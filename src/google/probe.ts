import { parseJsonObject } from '../core/json-object.js';
import type { Probe } from '../core/machine.js';
import type { Http, HttpAnswer } from './http.js';

/** Builds the look at an address; one attempt, nothing secret, no redirect followed. */
export function createProbe(http: Http, now: () => number): Probe {
  return async (url) => {
    const startedAt = now();
    const answer = await http({ method: 'GET', url, headers: { accept: 'application/json' } });
    return {
      status: answer.status,
      isJson: parseJsonObject(answer.text) !== undefined,
      serverTime: readServerTime(answer),
      startedAt,
      endedAt: now(),
    };
  };
}

/**
 * The keys come out of a cache in front of Google: their `Date` is that of the moment when they went
 * in, and `Age` counts from there.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-5.1
 */
function readServerTime(answer: HttpAnswer): number | undefined {
  const date = Date.parse(answer.header('date') ?? '');
  const age = Number(answer.header('age') ?? 0);
  return Number.isNaN(date) ? undefined : date + (age >= 0 ? age * 1000 : 0);
}
