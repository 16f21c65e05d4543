import type { FaultRequest } from './fault-model.js';

/** Reads a parameter as a number. */
export function numberOf(fault: FaultRequest, name: string, otherwise: number): number {
  const value = fault[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** Reads a parameter as text. */
export function textOf(fault: FaultRequest, name: string, otherwise: string): string {
  const value = fault[name];
  return typeof value === 'string' ? value : otherwise;
}

/** Reads a parameter as a list of texts. */
export function listOf(
  fault: FaultRequest,
  name: string,
  otherwise: readonly string[],
): readonly string[] {
  const value = fault[name];
  return Array.isArray(value) ? value.map(String) : otherwise;
}

/** Makes the Retry-After header of a fault: seconds or an HTTP date, in `retryAfter`. */
export function retryAfterOf(fault: FaultRequest): Record<string, string> {
  const value = fault['retryAfter'] ?? fault['retry_after'];
  return value === undefined ? {} : { 'retry-after': String(value) };
}
