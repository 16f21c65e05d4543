import { METHODS } from '../http/call.js';
import { toCamelCase, toSnakeCase } from '../names.js';
import type { FaultDefinition, FaultParameter, FaultParameterKind, FaultRequest } from './model.js';

/** Thrown where a fault is ordered that does not exist or makes no sense. */
export class FaultRequestError extends Error {
  override readonly name = 'FaultRequestError';
}

/** What every fault may be told, beside its own parameters. */
export const COMMON_PARAMETERS: Readonly<Record<string, FaultParameter>> = {
  times: { kind: 'number', summary: 'how many requests it hits, or always (1)' },
  user: { kind: 'text', summary: 'only requests with a code or token of this user (email or sub)' },
  client: { kind: 'text', summary: 'only requests of this client ID' },
  path: {
    kind: 'text',
    summary: 'only this path; * at the end matches any rest',
    begins: '/',
  },
  method: { kind: 'text', summary: 'only this HTTP method', oneOf: METHODS },
};

/** What holds a parameter's value in bounds. */
export type Bounds = Omit<FaultParameter, 'kind' | 'summary'>;

/** The bounds that several parameters have. */
export const BOUNDS = {
  /** An HTTP status that a server can answer with in the end. */
  status: { least: 200, most: 599, whole: true },
  redirect: { least: 300, most: 399, whole: true },
  /** A wait in milliseconds; timers hold no more. */
  wait: { least: 0, most: 2 ** 31 - 1 },
  /** A length of time in seconds, back or forth: three centuries, which every date survives. */
  seconds: { least: -1e10, most: 1e10 },
  /** A length of time that has passed, or a lifetime, in seconds. */
  age: { least: 0, most: 1e10 },
  window: { least: 1, most: 1e10 },
  count: { least: 0, most: 2 ** 31 - 1, whole: true },
  /** The size of a body that is made up in memory: 256 MiB at most. */
  bytes: { least: 0, most: 2 ** 28, whole: true },
  share: { least: 0, most: 1 },
  /** A text that becomes a header. */
  header: { header: true },
} as const satisfies Readonly<Record<string, Bounds>>;

/** Declares a parameter; a number must have bounds. */
export function parameter(
  kind: FaultParameterKind,
  summary: string,
  bounds: Bounds = {},
): FaultParameter {
  return { kind, summary, ...bounds };
}

/** Reads a parameter of an order that was checked, or what it is otherwise. */
export function valueIn<T>(fault: FaultRequest, name: string, otherwise: T): T {
  return name in fault ? (fault[name] as T) : otherwise;
}

/**
 * Holds what is ordered against the fault's parameters. Names may be written in snake case, numbers
 * and lists as text.
 * @throws {FaultRequestError} for a parameter that the fault does not have or cannot read.
 */
export function checkParameters(definition: FaultDefinition, order: FaultRequest): FaultRequest {
  const known = { ...definition.parameters, ...COMMON_PARAMETERS };
  const checked: Record<string, unknown> = { name: order.name };
  for (const [given, value] of Object.entries(order)) {
    if (given === 'name' || value === undefined || value === null) continue;
    const name = toCamelCase(given);
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
  const { kind, oneOf, begins, header, whole } = parameter;
  const refuse = (words: string): never => {
    throw new FaultRequestError(`"${toSnakeCase(given)}" of ${fault} ${words}`);
  };
  if (kind === 'number') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && isWithin(number, parameter)) return number;
    const what = oneOf ? '' : whole ? 'a whole number' : 'a number';
    return refuse(`must be ${[what, boundsOf(parameter)].filter(Boolean).join(' from ')}`);
  }
  if (kind === 'list') {
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === 'string') return value.split(/\s+/).filter((entry) => entry !== '');
    return refuse('must be a list');
  }
  if (kind === 'fields') {
    return typeof value === 'object' && !Array.isArray(value) ? value : refuse('must be a map');
  }
  if (typeof value === 'object') return refuse('must be a text');
  const text = String(value);
  const lower = text.toLowerCase();
  if (oneOf) {
    const meant = oneOf.map(String).find((one) => one.toLowerCase() === lower);
    return meant ?? refuse(`must be ${boundsOf(parameter)}`);
  }
  if (begins !== undefined && !text.startsWith(begins)) refuse(`must begin with ${begins}`);
  if (header && !IN_A_HEADER.test(text)) refuse('has characters that a header cannot hold');
  return text;
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
function describeParameter(parameter: FaultParameter): string {
  const { summary } = parameter;
  const bounds = boundsOf(parameter);
  if (bounds === '') return summary;
  const [, meaning = summary, otherwise = ''] = /^(.*?)( \(.*\))?$/.exec(summary) ?? [];
  return `${meaning}, ${bounds}${otherwise}`;
}

/** Parameters as listings show them. */
export function listParameters(parameters: Readonly<Record<string, FaultParameter>> = {}) {
  return Object.entries(parameters).map(([name, one]) => ({
    name: toSnakeCase(name),
    kind: one.kind,
    summary: describeParameter(one),
    one_of: one.oneOf ?? null,
  }));
}

const DIGITS = new Intl.NumberFormat('en-GB');

/** Makes the Retry-After header of a fault: seconds or an HTTP date, in `retryAfter`. */
export function retryAfterOf(fault: FaultRequest): Record<string, string> {
  const value = fault['retryAfter'];
  return value === undefined ? {} : { 'retry-after': String(value) };
}
