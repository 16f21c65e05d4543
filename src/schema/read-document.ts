import { GsacError } from '../core/errors.js';
import type { DocumentPath, DocumentProblem, JsonSchema, LocatedDocument } from './document.js';
import { asJson, parseText, type TextProblem } from './parse-text.js';
import { findProblems } from './schema-problems.js';

const MOST_PROBLEMS = 20;
const PROBLEMS_IN_HINT = 4;

/**
 * Reads a YAML or JSON text against a JSON Schema (draft-07). What the schema says in `x-expected`
 * stands in messages after “must be”. The caller bounds the text's size.
 *
 * @param name what the text is called in errors, such as the file's path.
 * @throws {GsacError} `usage`: the first problem with its line, all of them (20 at most) in
 *   `details.problems`, the next few in the hint.
 * @see https://yaml.org/spec/1.2.2/
 * @see https://json-schema.org/draft-07
 */
export function readDocument<T>(
  text: string,
  name: string,
  schema: JsonSchema,
): LocatedDocument<T> {
  const plain = text.replace(/^\uFEFF/, '');
  const parsed = parseText(plain);
  if (!('value' in parsed)) throw toError(name, withoutPath(parsed));
  if (parsed.value === null || parsed.value === undefined) {
    throw toError(name, [{ line: 1, column: 1, path: '', message: 'there is nothing in it' }]);
  }
  const found = findProblems(parsed.value, schema);
  // A comment in JSON is a key to YAML, and none that anybody meant.
  const comments = found.some(({ path }) => path.some((step) => /^\/[/*]/.test(String(step))));
  const asMeant = comments ? asJson(plain) : undefined;
  if (asMeant !== undefined) throw toError(name, withoutPath(asMeant));
  const refuse: LocatedDocument<T>['refuse'] = (wrong) =>
    toError(
      name,
      wrong.map(({ path, saying }) => {
        const written = renderPath(path);
        return { ...parsed.locate(path), path: written, message: `${written || 'it'} ${saying}` };
      }),
    );
  if (found.length > 0) throw refuse(found);
  return { value: parsed.value as T, locate: parsed.locate, refuse };
}

function withoutPath(problems: readonly TextProblem[]): DocumentProblem[] {
  return problems.map((problem) => ({ ...problem, path: '' }));
}

/** Writes a path as people do: `flows[2].expect.scopes`. */
function renderPath(path: DocumentPath): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 80))}]`;
    })
    .join('')
    .replace(/^\./, '');
}

function toError(name: string, found: readonly DocumentProblem[]): GsacError {
  const inOrder = [...found].sort(
    (one, other) => one.line - other.line || one.column - other.column,
  );
  const problems = new Map(
    inOrder.map((problem) => [`${problem.line}:${problem.column}: ${problem.message}`, problem]),
  );
  const [first = '', ...rest] = problems.keys();
  const more = rest.slice(0, PROBLEMS_IN_HINT).join('; ');
  const omitted = rest.length - PROBLEMS_IN_HINT;
  return new GsacError('usage', `${name}:${first}${first.endsWith('?') ? '' : '.'}`, {
    hint:
      rest.length === 0
        ? 'Correct that line.'
        : `Correct these lines, too: ${more}${omitted > 0 ? `; and ${omitted} more` : ''}.`,
    details: { problems: [...problems.values()].slice(0, MOST_PROBLEMS) },
  });
}
