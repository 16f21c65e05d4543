import { GsacError } from '../../core/errors.js';
import type { CheckFinding } from './model.js';
import { isFields } from './project/json-file.js';
import { rules } from './rules/rules.js';

/** Findings that somebody does not want to be told: those of a rule, everywhere or below a path. */
export interface Ignored {
  rule: string;
  /** A file or folder below the checked folder; all of it if there is none. */
  path: string | undefined;
}

/** The file in the checked folder that names findings to leave out. */
export const ignoreFile = '.gsac-check.json';

/**
 * Reads `--ignore <rule>[:<path>]`.
 *
 * @throws {GsacError} `usage` if there is no such rule.
 */
export function parseIgnored(text: string): Ignored {
  const [rule = '', ...path] = text.split(':');
  return toIgnored(rule, path.length === 0 ? undefined : path.join(':'), '--ignore');
}

/**
 * Reads what `.gsac-check.json` names: `{"ignore": [{"rule", "path", "reason"}]}`.
 *
 * @throws {GsacError} `usage` if it has another form; the reason has to be given.
 */
export function parseIgnoreFile(text: string): Ignored[] {
  let read: unknown;
  try {
    read = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw wrong('is no JSON');
  }
  const list = isFields(read) ? read['ignore'] : undefined;
  if (!Array.isArray(list)) throw wrong('has no list "ignore"');
  return list.map((entry: unknown) => {
    if (!isFields(entry)) throw wrong('has an entry that is no object');
    const { rule, path, reason } = entry;
    if (typeof rule !== 'string') throw wrong('has an entry without a rule');
    if (path !== undefined && typeof path !== 'string') throw wrong('has a path that is no text');
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw wrong(`gives no reason for ignoring ${rule}`);
    }
    return toIgnored(rule, path, ignoreFile);
  });
}

const form = '{"ignore":[{"rule":"url-scheme-missing","path":"ios","reason":"Why it is right."}]}';

function wrong(how: string): GsacError {
  return new GsacError('usage', `${ignoreFile} ${how}.`, { hint: `It has this form: ${form}` });
}

function toIgnored(rule: string, path: string | undefined, where: string): Ignored {
  if (!rules.some(({ id }) => id === rule)) {
    throw new GsacError('usage', `${where} names ${rule}, and gsac check has no such rule.`, {
      hint: 'gsac help check lists the rules.',
    });
  }
  return { rule, path: path?.replace(/^\.\/|\/+$/g, '') };
}

/** Whether a finding is among those to leave out. */
export function isIgnored({ rule, file }: CheckFinding, ignored: readonly Ignored[]): boolean {
  return ignored.some(
    (each) =>
      each.rule === rule &&
      (each.path === undefined ||
        each.path === '' ||
        file === each.path ||
        file.startsWith(`${each.path}/`)),
  );
}

/** Tells whether a comment on a finding's line, or on the one above it, says `gsac:ignore <rule>`. */
export function isSilencedIn(text: string, { rule, line }: CheckFinding): boolean {
  if (line === null || !text.includes('gsac:ignore')) return false;
  const lines = text.split('\n');
  return [lines[line - 1], lines[line - 2]].some((each) => {
    const named = /gsac:ignore[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/.exec(
      (each ?? '').slice(0, 2_000),
    );
    return named?.[1]?.split(/[ \t]*,[ \t]*/).includes(rule) === true;
  });
}
