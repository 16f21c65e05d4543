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
 * of the schema. Formats are not checked. @throws {Error} where the schema itself is wrong.
 */
export function findProblems(value: unknown, schema: JsonSchema): readonly SchemaProblem[] {
  return findIn(value, schema, schema);
}

function findIn(value: unknown, part: JsonSchema, root: JsonSchema): readonly SchemaProblem[] {
  const find = compiled.get(root) ?? compileSchema(root);
  compiled.set(root, find);
  const validate = find(part);
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
    ...errors.filter((error) => !covered(error)).flatMap((error) => explain(error, value, root)),
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
  const fitting = branchesOf(parentSchema).filter((branch) =>
    isOfKind(data, resolveReference(branch, root)),
  );
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined) {
    return findIn(data, resolveReference(only, root), root).map((problem) => ({
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

function explain(error: ErrorObject, value: unknown, root: JsonSchema): readonly SchemaProblem[] {
  const path = toPath(error.instancePath, value);
  const { params, parentSchema = {}, data } = error;
  switch (error.keyword) {
    case 'required':
      return [{ path, saying: `needs ${String(params['missingProperty'])}` }];
    case 'additionalProperties':
    case 'propertyNames':
      return [
        explainUnknownKey(
          path,
          String(params['additionalProperty'] ?? params['propertyName']),
          parentSchema,
        ),
      ];
    case 'enum':
      return [
        {
          path,
          saying: `must be ${describeChoice(params['allowedValues'])}${meant(data, params['allowedValues'])}`,
        },
      ];
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum':
      return [{ path, saying: `must be ${bounds(parentSchema)}` }];
    case 'minLength':
      return [
        {
          path,
          saying:
            params['limit'] === 1
              ? 'must not be empty'
              : `must have at least ${params['limit']} characters`,
        },
      ];
    case 'maxLength':
      return [{ path, saying: `must have at most ${params['limit']} characters` }];
    case 'minItems':
    case 'minProperties':
      return [
        {
          path,
          saying:
            params['limit'] === 1
              ? 'must not be empty'
              : `must have at least ${params['limit']} entries`,
        },
      ];
    case 'maxItems':
    case 'maxProperties':
      return [{ path, saying: `must have at most ${params['limit']} entries` }];
    case 'uniqueItems':
      return [{ path: [...path, Number(params['i'])], saying: 'stands in the list twice' }];
    case 'dependencies':
      return [{ path, saying: `needs ${params['missingProperty']} beside ${params['property']}` }];
    case 'not':
      return [{ path, saying: expectationOf(parentSchema, root, 'must not be as it is') }];
    // Its own complaints say it.
    case 'if':
      return [];
    case 'type':
    case 'const':
      return [
        { path, saying: `${expectationOf(parentSchema, root)}${quotes(data, parentSchema)}` },
      ];
    default:
      return [{ path, saying: expectationOf(parentSchema, root) }];
  }
}

function expectationOf(schema: JsonSchema, root: JsonSchema, otherwise?: string): string {
  if (otherwise !== undefined && typeof schema[EXPECTED] !== 'string') return otherwise;
  const pattern = schema['pattern'];
  return typeof pattern === 'string' && typeof schema[EXPECTED] !== 'string'
    ? `must match ${pattern}`
    : `must be ${describeExpectation(schema, root)}`;
}

function explainUnknownKey(path: DocumentPath, key: string, schema: JsonSchema): SchemaProblem {
  const names = Object.keys((schema['properties'] ?? {}) as object);
  const suggestion = closest(key, names);
  const help =
    suggestion !== undefined
      ? `; did you mean ${suggestion}?`
      : names.length > 0
        ? `; there are ${names.join(', ')}`
        : '';
  return { path: [...path, key], saying: `is not known${help}`, unknown: true };
}

function meant(data: unknown, values: readonly unknown[]): string {
  if (typeof data !== 'string') return '';
  const suggestion = closest(data, values.map(String));
  return suggestion === undefined || values.length < 4 ? '' : `; did you mean ${suggestion}?`;
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

function bounds(schema: JsonSchema): string {
  const least = schema['minimum'] ?? schema['exclusiveMinimum'];
  const most = schema['maximum'] ?? schema['exclusiveMaximum'];
  const above = schema['minimum'] === undefined ? 'more than' : 'at least';
  const below = schema['maximum'] === undefined ? 'less than' : 'at most';
  if (least === undefined) return `${below} ${String(most)}`;
  if (most === undefined) return `${above} ${String(least)}`;
  return `from ${String(least)} to ${String(most)}`;
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
