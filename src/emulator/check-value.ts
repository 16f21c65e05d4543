import type { ValueSchema } from './options-schema.js';

/**
 * Holds a value that no compiler has to have seen to a schema; a field that is undefined is left out.
 * @throws {TypeError} in words, with the path of what is wrong: `signIn: scopes[0] must be a text, not 5`.
 */
export function checkValue(value: unknown, schema: ValueSchema, path: string): void {
  if (!fits(value, schema)) {
    throw new TypeError(`${path} must be ${expectationOf(schema)}, not ${describe(value)}`);
  }
  if (schema.type === 'array') checkEntries(value as readonly unknown[], schema, path);
  if (schema.type === 'object') checkFields(value as object, schema, path);
}

function fits(value: unknown, schema: ValueSchema): boolean {
  const { test, pattern, minLength = 0, minimum = Number.NEGATIVE_INFINITY, minItems = 0 } = schema;
  if (test !== undefined) return test(value);
  if (schema.enum !== undefined) return schema.enum.includes(value);
  switch (schema.type) {
    case 'array':
      return Array.isArray(value) && value.length >= minItems;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isSafeInteger(value) && Number(value) >= minimum;
    case 'string':
      if (typeof value !== 'string' || value.length < minLength) return false;
      return pattern === undefined || new RegExp(pattern).test(value);
    default:
      return schema.type === undefined || typeof value === schema.type;
  }
}

function checkEntries(
  entries: readonly unknown[],
  { items, unique }: ValueSchema,
  path: string,
): void {
  const seen = new Set<string>();
  for (const [at, entry] of entries.entries()) {
    if (items !== undefined) checkValue(entry, items, `${path}[${at}]`);
    if (unique === undefined) continue;
    const name = String((entry as Readonly<Record<string, unknown>>)[unique]).toLowerCase();
    if (seen.has(name)) throw new TypeError(`${path}[${at}]: ${unique} is already taken`);
    seen.add(name);
  }
}

function checkFields(
  value: object,
  { properties = {}, required = [] }: ValueSchema,
  path: string,
): void {
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const [name, field] of fields) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!schema) {
      throw new TypeError(`${path} has no "${name}"${meant(name, Object.keys(properties))}`);
    }
    if (field !== undefined) checkValue(field, schema, `${path}: ${name}`);
  }
  const missing = required.find((name) => fields.get(name) === undefined);
  if (missing !== undefined) throw new TypeError(`${path} needs "${missing}"`);
}

function expectationOf(schema: ValueSchema): string {
  const { 'x-expected': words, enum: values, type, minLength = 0 } = schema;
  if (words !== undefined) return words;
  if (values !== undefined) return values.map((one) => JSON.stringify(one)).join(' or ');
  if (type === 'string') return minLength > 0 ? 'a text that is not empty' : 'a text';
  return type === 'boolean' ? 'true or false' : 'an object';
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

function meant(typed: string, names: readonly string[]): string {
  const near = names.find((name) => isNear(typed, name));
  return near === undefined ? `; it takes ${names.join(', ')}` : `; did you mean "${near}"?`;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Whether letters are in another order, or one or two of them are missing or too many. */
export function isNear(typed: string, name: string): boolean {
  const one = fold(typed);
  const other = fold(name);
  if (Math.abs(one.length - other.length) > 2) return false;
  const sorted = (name: string) => [...name].sort().join('');
  return sorted(one) === sorted(other) || isWithin(one, other) || isWithin(other, one);
}

function isWithin(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}
