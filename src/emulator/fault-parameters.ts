import type { FaultDefinition, FaultParameter, FaultRequest } from './fault-model.js';

/** Thrown where a fault is ordered that does not exist or makes no sense. */
export class FaultRequestError extends Error {
  override readonly name = 'FaultRequestError';
}

/** What every fault may be told, beside its own parameters. */
export const COMMON_PARAMETERS: Readonly<Record<string, FaultParameter>> = {
  times: { kind: 'number', summary: 'how many requests it hits, or always (1)' },
  user: { kind: 'text', summary: 'email or sub: only requests with a code or token of that user' },
  client: { kind: 'text', summary: 'client id: only requests of that client' },
  path: { kind: 'text', summary: 'only this path; with * at its end all that begin so' },
  method: { kind: 'text', summary: 'only this HTTP method' },
};

/** Declares a parameter that is a number. */
export function numberParameter(summary: string): FaultParameter {
  return { kind: 'number', summary };
}

/** Declares a parameter that is a text. */
export function textParameter(summary: string): FaultParameter {
  return { kind: 'text', summary };
}

/** Declares a parameter that is a list of texts. */
export function listParameter(summary: string): FaultParameter {
  return { kind: 'list', summary };
}

/** Declares a parameter that is a map. */
export function fieldsParameter(summary: string): FaultParameter {
  return { kind: 'fields', summary };
}

/**
 * Holds what is ordered against the fault's parameters. Names may be written in snake case, numbers
 * and lists as text.
 * @throws {FaultRequestError} for a parameter that the fault does not have or cannot read.
 */
export function checkParameters(definition: FaultDefinition, order: FaultRequest): FaultRequest {
  const known = { ...COMMON_PARAMETERS, ...definition.parameters };
  const checked: Record<string, unknown> = { name: order.name };
  for (const [given, value] of Object.entries(order)) {
    if (given === 'name' || value === undefined || value === null) continue;
    const name = given.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!parameter) {
      throw new FaultRequestError(
        `${order.name} has no parameter "${given}"; it takes ${Object.keys(known).map(toSnakeCase).join(', ')}`,
      );
    }
    checked[name] =
      name === 'times' ? readTimes(value) : readValue(order.name, name, parameter, value);
  }
  return checked as FaultRequest;
}

/** Writes a parameter's name as config files and command lines do. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readTimes(value: unknown): number | 'always' {
  if (value === 'always' || value === Number.POSITIVE_INFINITY) return 'always';
  const times = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof times === 'number' && Number.isInteger(times) && times > 0) return times;
  throw new FaultRequestError('"times" must be a positive whole number or "always"');
}

function readValue(fault: string, name: string, { kind }: FaultParameter, value: unknown): unknown {
  if (kind === 'number') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw new FaultRequestError(`"${name}" of ${fault} must be a number`);
  }
  if (kind === 'text') {
    if (typeof value !== 'object') return String(value);
    throw new FaultRequestError(`"${name}" of ${fault} must be a text`);
  }
  if (kind === 'list') {
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === 'string') return value.split(/\s+/).filter((entry) => entry !== '');
    throw new FaultRequestError(`"${name}" of ${fault} must be a list`);
  }
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new FaultRequestError(`"${name}" of ${fault} must be a map`);
}

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

/** Reads a parameter as a map of names to values. */
export function fieldsOf(fault: FaultRequest, name: string): Readonly<Record<string, unknown>> {
  const value = fault[name];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Makes the Retry-After header of a fault: seconds or an HTTP date, in `retryAfter`. */
export function retryAfterOf(fault: FaultRequest): Record<string, string> {
  const value = fault['retryAfter'];
  return value === undefined ? {} : { 'retry-after': String(value) };
}
