import { GsacError } from '../core/errors.js';
import type { DocumentPath, DocumentProblem, JsonSchema, LocatedDocument } from './document.js';
import { asJson, type ParsedText, parseText, type TextProblem } from './parse-text.js';
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
  const problems = found.map(({ path, saying }) => problemAt(parsed, path, saying));
  if (problems.length > 0) throw toError(name, problems);
  return {
    value: parsed.value as T,
    locate: parsed.locate,
    refuse: (wrong) =>
      toError(
        name,
        wrong.map(({ path, saying }) => problemAt(parsed, path, saying)),
      ),
  };
}

function withoutPath(problems: readonly TextProblem[]): DocumentProblem[] {
  return problems.map((problem) => ({ ...problem, path: '' }));
}

function problemAt(parsed: ParsedText, path: DocumentPath, saying: string): DocumentProblem {
  const written = renderPath(path);
  return { ...parsed.locate(path), path: written, message: `${written || 'it'} ${saying}` };
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
  const seen = new Set<string>();
  const unique = inOrder.filter(({ line, column, message }) => {
    const said = `${line}:${column}: ${message}`;
    return !seen.has(said) && seen.add(said);
  });
  const [first, ...rest] = unique.map(({ line, column, message }) => ({
    where: `${line}:${column}`,
    message,
  }));
  const more = rest
    .slice(0, PROBLEMS_IN_HINT)
    .map(({ where, message }) => `${where}: ${message}`)
    .join('; ');
  const omitted = rest.length - PROBLEMS_IN_HINT;
  const end = first?.message.endsWith('?') ? '' : '.';
  return new GsacError('usage', `${name}:${first?.where}: ${first?.message}${end}`, {
    hint:
      rest.length === 0
        ? 'Correct that line.'
        : `Correct these lines, too: ${more}${omitted > 0 ? `; and ${omitted} more` : ''}.`,
    details: { problems: unique.slice(0, MOST_PROBLEMS) },
  });
}
