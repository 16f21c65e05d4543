import { isoTime, toTenths } from './times.js';

/** The methods of Google's APIs. */
export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof httpMethods)[number];

/** One HTTP request of a flow with its answer, every secret masked. Times in milliseconds. */
export interface HttpRecord {
  readonly method: string;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  /** Undefined where nothing was sent beside the headers. */
  readonly requestBody: string | undefined;
  /** Undefined where no answer came; `failure` says why. */
  readonly status: number | undefined;
  readonly responseHeaders: readonly (readonly [name: string, value: string])[];
  readonly responseBody: string;
  readonly failure: string | undefined;
}

/** A request without its headers and bodies, as JSON documents have it. */
export function toRequestDocument(record: HttpRecord): object {
  const { method, url, status = null, startedAt, durationMs, failure = null } = record;
  return {
    method,
    url,
    status,
    started_at: isoTime(startedAt),
    duration_ms: toTenths(durationMs),
    failure,
  };
}
