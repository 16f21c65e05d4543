import type { ErrorObject } from 'ajv';
import { closest } from '../core/closest.js';
import { compileSchema, type FindValidator } from './compile-schema.js';
import type { DocumentPath, JsonSchema } from './document.js';
import {
  branchesOf,
  describeChoice,
  describeExpectation,
  EXPECTED,
  resolveReference,
} from './expectation.js';

/** Something that does not fit a schema. */
export interface SchemaProblem {
  /** What it is about; for a missing entry, what the entry is missing from. */
  readonly path: DocumentPath;
  /** What follows the path in a sentence: `must be a list of texts`. */
  readonly saying: string;
  /** Whether nothing by that name should be there. */
  readonly unknown?: boolean;
}

const compiled = new WeakMap<JsonSchema, FindValidator>();

/**
 * Holds a value against a schema (draft-07) and says in plain words what does not fit, in the order
 * of the schema, which may be a part of `root`. Formats are not checked. @throws {Error} where the schema itself is wrong.
 */
export function findProblems(
  value: unknown,
  schema: JsonSchema,
  root = schema,
): readonly SchemaProblem[] {
  const find = compiled.get(root) ?? compileSchema(root);
  compiled.set(root, find);
  const validate = find(schema);
  if (validate(value)) return [];
  const problems = toProblems(validate.errors ?? [], value, root);
  // A misspelt key first: what it should have been is missing, too.
  return [...problems].sort(
    (one, other) => Number(other.unknown ?? false) - Number(one.unknown ?? false),
  );
}

function toProblems(
  errors: readonly ErrorObject[],
  value: unknown,
  root: JsonSchema,
): readonly SchemaProblem[] {
  // Of several at one place, the last is the one around the others.
  const choices = new Map<string, ErrorObject>();
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') continue;
    choices.delete(error.instancePath);
    choices.set(error.instancePath, error);
  }
  const isChoice = (path: string) => choices.has(path);
  // A choice that fits nowhere is explained as a whole: each alternative's complaints mislead.
  const covered = ({ instancePath: path }: ErrorObject) =>
    isChoice(path) || placesAround(path).some(isChoice);
  const outermost = [...choices.values()].filter(
    ({ instancePath }) => !placesAround(instancePath).some(isChoice),
  );
  return [
    ...errors.filter((error) => !covered(error)).map((error) => explain(error, value, root)),
    ...outermost.flatMap((error) => explainChoice(error, value, root)),
  ];
}

/** The places that a place lies in, as JSON pointers, the document's own among them. */
function placesAround(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_step, at) => steps.slice(0, at + 1).join('/'));
}

/** Explains by the one alternative that is of the value's kind, else names all of them. */
function explainChoice(
  { instancePath, data, parentSchema = {} }: ErrorObject,
  value: unknown,
  root: JsonSchema,
): readonly SchemaProblem[] {
  const path = toPath(instancePath, value);
  const [only, another] = branchesOf(parentSchema)
    .map((branch) => resolveReference(branch, root))
    .filter((branch) => isOfKind(data, branch));
  if (only !== undefined && another === undefined) {
    return findProblems(data, only, root).map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    }));
  }
  return [{ path, saying: `must be ${describeExpectation(parentSchema, root)}` }];
}

function isOfKind(value: unknown, schema: JsonSchema): boolean {
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const types = [schema['type']].flat();
  return types.includes(kind) || (kind === 'number' && types.includes('integer'));
}

type Saying = (params: ErrorObject['params'], schema: JsonSchema, data: unknown) => string;

const range: Saying = (_params, { minimum: least, maximum: most }) => {
  if (least === undefined) return `must be at most ${String(most)}`;
  if (most === undefined) return `must be at least ${String(least)}`;
  return `must be from ${String(least)} to ${String(most)}`;
};
const atLeast =
  (what: string): Saying =>
  ({ limit }) =>
    limit === 1 ? 'must not be empty' : `must have at least ${limit} ${what}`;
const atMost =
  (what: string): Saying =>
  ({ limit }) =>
    `must have at most ${limit} ${what}`;

/** What follows the path in a sentence, by the keyword of the schema that a value breaks. */
const SAYINGS: Readonly<Record<string, Saying>> = {
  required: ({ missingProperty }) => `needs ${missingProperty}`,
  enum: ({ allowedValues }, _schema, data) => {
    const isLong = allowedValues.length >= 4;
    const help = typeof data === 'string' && isLong ? didYouMean(data, allowedValues) : '';
    return `must be ${describeChoice(allowedValues)}${help}`;
  },
  minimum: range,
  maximum: range,
  minLength: atLeast('characters'),
  maxLength: atMost('characters'),
  minItems: atLeast('entries'),
  minProperties: atLeast('entries'),
  maxItems: atMost('entries'),
};

function explain(error: ErrorObject, value: unknown, root: JsonSchema): SchemaProblem {
  const path = toPath(error.instancePath, value);
  const { keyword, params, parentSchema = {}, data } = error;
  if (keyword === 'additionalProperties') {
    return explainUnknownKey(path, String(params['additionalProperty']), parentSchema);
  }
  const hint = keyword === 'type' || keyword === 'const' ? quotes(data, parentSchema) : '';
  const saying =
    SAYINGS[keyword]?.(params, parentSchema, data) ?? `${expectationOf(parentSchema, root)}${hint}`;
  return { path, saying };
}

function expectationOf(schema: JsonSchema, root: JsonSchema): string {
  const pattern = schema['pattern'];
  return typeof pattern === 'string' && typeof schema[EXPECTED] !== 'string'
    ? `must match ${pattern}`
    : `must be ${describeExpectation(schema, root)}`;
}

function explainUnknownKey(path: DocumentPath, key: string, schema: JsonSchema): SchemaProblem {
  const names = Object.keys((schema['properties'] ?? {}) as object);
  const others = names.length > 0 ? `; there are ${names.join(', ')}` : '';
  const help = didYouMean(key, names) || others;
  return { path: [...path, key], saying: `is not known${help}`, unknown: true };
}

function didYouMean(written: string, values: readonly unknown[]): string {
  const suggestion = closest(written, values.map(String));
  return suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
}

// 104729361850274916385 without quotes is a number, and not even that one.
function quotes(data: unknown, schema: JsonSchema): string {
  const types = [schema['type']].flat();
  if (types.includes('string')) {
    return typeof data === 'number' || typeof data === 'boolean' ? ': put it in quotes' : '';
  }
  const isQuoted =
    typeof data === 'string' &&
    ((types.includes('boolean') && /^(true|false)$/.test(data)) ||
      ((types.includes('integer') || types.includes('number')) && /^-?\d+$/.test(data)) ||
      (typeof schema['const'] !== 'string' && String(schema['const']) === data));
  return isQuoted ? ', without quotes' : '';
}

/** Turns a JSON pointer into steps; an index is one only where the value has a list. */
function toPath(pointer: string, value: unknown): DocumentPath {
  let current: unknown = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(current) ? Number(key) : key;
      current = (current as Readonly<Record<string | number, unknown>> | undefined)?.[step];
      return step;
    });
}
