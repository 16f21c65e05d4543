import type { JsonSchema } from './document.js';

/** The annotation by which a schema says in words what it wants, after “must be”. */
export const EXPECTED = 'x-expected';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'empty',
};

const MOST_VALUES = 12;

/** Says what a schema expects, as it follows “must be”: `a list of texts`, `one of ios, android`. */
export function describeExpectation(schema: unknown, root: JsonSchema): string {
  const resolved = resolveReference(schema, root);
  const words = resolved[EXPECTED];
  if (typeof words === 'string') return words;
  if ('const' in resolved) return quoteValue(resolved['const']);
  const values = resolved['enum'];
  if (Array.isArray(values)) return describeChoice(values);
  const branches = branchesOf(resolved);
  if (branches.length > 0) {
    return joinWithOr(branches.map((branch) => describeExpectation(branch, root)));
  }
  const type = resolved['type'];
  if (type === 'array' && resolved['items'] !== undefined) {
    return `a list of ${toPlural(describeExpectation(resolved['items'], root))}`;
  }
  return joinWithOr([type].flat().map((name) => TYPES[String(name)] ?? 'something else'));
}

/** Says which values are possible. */
export function describeChoice(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map(quoteValue);
  if (values.length > MOST_VALUES) return `one of ${shown.join(', ')}, …`;
  return shown.length < 3 ? joinWithOr(shown) : `one of ${shown.join(', ')}`;
}

/** The alternatives of a schema; none where it has none. */
export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(branches) ? (branches as JsonSchema[]) : [];
}

/** Follows `$ref` within a schema. @throws {Error} where it leads nowhere: a bug of the schema. */
export function resolveReference(schema: unknown, root: JsonSchema): JsonSchema {
  let current = schema as JsonSchema;
  while (typeof current['$ref'] === 'string') {
    const reference = current['$ref'];
    let target: unknown = root;
    for (const step of reference.replace(/^#\/?/, '').split('/')) {
      if (step !== '') target = (target as Readonly<Record<string, unknown>>)[step];
    }
    if (target === undefined) throw new Error(`The schema has no ${reference}`);
    current = target as JsonSchema;
  }
  return current;
}

function quoteValue(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}

function joinWithOr(words: readonly string[]): string {
  const unique = [...new Set(words)];
  if (unique.length < 2) return unique.join('');
  return `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}

function toPlural(words: string): string {
  if (words === 'a map') return 'maps';
  return /^an? /.test(words) && !words.includes(' or ')
    ? words.replace(/^an? ((?:whole )?\w+)/, '$1s')
    : `entries that are each ${words}`;
}
