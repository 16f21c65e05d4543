import type { FaultDefinition, FaultParameter, FaultRequest } from './model.js';

/** Thrown where a fault is ordered that does not exist or makes no sense. */
export class FaultRequestError extends Error {
  override readonly name = 'FaultRequestError';
}

/** The methods that the emulator answers. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What every fault may be told, beside its own parameters. */
export const COMMON_PARAMETERS: Readonly<Record<string, FaultParameter>> = {
  times: { kind: 'number', summary: 'how many requests it hits, or always (1)' },
  user: { kind: 'text', summary: 'email or sub: only requests with a code or token of that user' },
  client: { kind: 'text', summary: 'client id: only requests of that client' },
  path: {
    kind: 'text',
    summary: 'only this path; with * at its end all that begin so',
    begins: '/',
  },
  method: { kind: 'text', summary: 'only this HTTP method', oneOf: METHODS },
};

/** What holds a parameter's value in bounds. */
export type Bounds = Omit<FaultParameter, 'kind' | 'summary'>;

/** An HTTP status that a server can answer with in the end. */
export const STATUS: Bounds = { least: 200, most: 599, whole: true };

/** The status of a redirect. */
export const REDIRECT_STATUS: Bounds = { least: 300, most: 399, whole: true };

/** A wait; timers hold no more. */
export const MILLISECONDS: Bounds = { least: 0, most: 2 ** 31 - 1 };

/** A length of time, back or forth: three centuries, which every date survives. */
export const SECONDS: Bounds = { least: -1e10, most: 1e10 };

/** A length of time that has passed, or a lifetime. */
export const AGE: Bounds = { least: 0, most: 1e10 };

/** A length of time that takes any. */
export const WINDOW: Bounds = { least: 1, most: 1e10 };

/** A number of things. */
export const COUNT: Bounds = { least: 0, most: 2 ** 31 - 1, whole: true };

/** The size of a body that is made up in memory: 256 MiB at most. */
export const BYTES: Bounds = { least: 0, most: 2 ** 28, whole: true };

/** A part of a whole. */
export const SHARE: Bounds = { least: 0, most: 1 };

/** A text that becomes a header. */
export const HEADER: Bounds = { header: true };

/** Declares a parameter that is a number; every one has its bounds. */
export function numberParameter(summary: string, bounds: Bounds): FaultParameter {
  return { kind: 'number', summary, ...bounds };
}

/** Declares a parameter that is a text. */
export function textParameter(summary: string, bounds: Bounds = {}): FaultParameter {
  return { kind: 'text', summary, ...bounds };
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

function readValue(
  fault: string,
  given: string,
  parameter: FaultParameter,
  value: unknown,
): unknown {
  const { kind } = parameter;
  const name = toSnakeCase(given);
  if (kind === 'number') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && isWithin(number, parameter)) return number;
    const what = parameter.whole ? 'a whole number' : 'a number';
    const words = [parameter.oneOf ? '' : what, boundsOf(parameter)].filter((one) => one !== '');
    throw new FaultRequestError(`"${name}" of ${fault} must be ${words.join(' from ')}`);
  }
  if (kind === 'text') {
    if (typeof value === 'object') {
      throw new FaultRequestError(`"${name}" of ${fault} must be a text`);
    }
    const text = String(value);
    if (parameter.oneOf) {
      const meant = parameter.oneOf.find((one) => isSameWord(String(one), text));
      if (meant !== undefined) return String(meant);
      throw new FaultRequestError(`"${name}" of ${fault} must be ${boundsOf(parameter)}`);
    }
    if (parameter.begins !== undefined && !text.startsWith(parameter.begins)) {
      throw new FaultRequestError(`"${name}" of ${fault} must begin with ${parameter.begins}`);
    }
    if (parameter.header && !IN_A_HEADER.test(text)) {
      throw new FaultRequestError(`"${name}" of ${fault} has letters that no header can hold`);
    }
    return text;
  }
  if (kind === 'list') {
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === 'string') return value.split(/\s+/).filter((entry) => entry !== '');
    throw new FaultRequestError(`"${name}" of ${fault} must be a list`);
  }
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new FaultRequestError(`"${name}" of ${fault} must be a map`);
}

function isSameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What a header's value may be made of (RFC 9110 §5.5). */
const IN_A_HEADER = /^[\t\x20-\x7e\xa0-\xff]*$/;

function isWithin(
  number: number,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, whole, oneOf }: Bounds,
): boolean {
  if (!Number.isFinite(number) || (oneOf && !oneOf.includes(number))) return false;
  return number >= least && number <= most && (!whole || Number.isInteger(number));
}

/** Writes a parameter's bounds in words: `200 to 599`; empty where it has none. */
function boundsOf({ least, most, oneOf }: FaultParameter): string {
  if (oneOf) return oneOf.join(' or ');
  if (least === undefined || most === undefined) return '';
  return `${DIGITS.format(least)} to ${DIGITS.format(most)}`;
}

/** Writes what a parameter means, its bounds before its default: `HTTP status, 200 to 599 (503)`. */
export function describeParameter(parameter: FaultParameter): string {
  const { summary } = parameter;
  const bounds = boundsOf(parameter);
  if (bounds === '') return summary;
  const [, meaning = summary, otherwise = ''] = /^(.*?)( \(.*\))?$/.exec(summary) ?? [];
  return `${meaning}, ${bounds}${otherwise}`;
}

const DIGITS = new Intl.NumberFormat('en-GB');

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
