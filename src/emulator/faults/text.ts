import { parseJson } from '../http/json.js';
import { toCamelCase } from '../names.js';
import { FAULTS, FAULTS_BY_NAME } from './faults.js';
import type { FaultRequest } from './model.js';
import { FaultRequestError } from './parameters.js';

/**
 * Reads a fault as people write it: `name`, or `name:parameter=value,parameter=value`. A parameter
 * that stands twice is a list, and `set.email_verified=false` is an entry of the map `set`, whose
 * values are JSON where they can be. Does not check that fault or parameters exist.
 * @throws {FaultRequestError} where it is not written so.
 */
export function parseFault(text: string): FaultRequest {
  const [, name, rest] = /^\s*([\w-]+)\s*(?::(.*))?$/s.exec(text) ?? [];
  if (name === undefined) {
    throw new FaultRequestError(`"${text.slice(0, 80)}" is not a fault; write ${formOf(text)}`);
  }
  // A map, since a parameter may be called as anything that an object has by itself.
  const fault = new Map<string, unknown>([['name', name]]);
  for (const part of (rest ?? '').split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1) {
      throw new FaultRequestError(`"${part.slice(0, 80)}" of ${name} is not parameter=value`);
    }
    add(fault, part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const parameters = [...fault].map(([key, value]) => [
    key,
    value instanceof Map ? Object.fromEntries(value) : value,
  ]);
  return { name, ...Object.fromEntries(parameters) };
}

/** How it should be written: whoever leaves the name out means the fault with that parameter. */
function formOf(text: string): string {
  const [given = '', parameter = ''] = /^\s*([\w-]{1,40})=[^:]*/.exec(text.slice(0, 80)) ?? [];
  const name = toCamelCase(parameter);
  const owners = FAULTS.filter(({ parameters = {} }) => Object.hasOwn(parameters, name));
  const [owner] = [FAULTS_BY_NAME.get(parameter) ?? owners, owners].flat();
  if (owner === undefined || !owners.includes(owner)) {
    return 'name or name:parameter=value,parameter=value';
  }
  return `${owner.name}:${given.trim()}`;
}

function add(fault: Map<string, unknown>, key: string, value: string): void {
  const dot = key.indexOf('.');
  if (dot > 0) {
    const known = fault.get(key.slice(0, dot));
    const entries = known instanceof Map ? known : new Map<string, unknown>();
    fault.set(key.slice(0, dot), entries.set(key.slice(dot + 1), parseJson(value) ?? value));
    return;
  }
  const known = fault.get(key);
  if (Array.isArray(known)) known.push(value);
  else fault.set(key, known === undefined ? value : [known, value]);
}
