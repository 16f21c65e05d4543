import { createLineAt } from '../locate.js';
import type { Place } from '../model.js';
import { endingOf, foldersAround } from '../paths.js';
import { expressionAt, partsOf } from './code.js';

/** A value that an expression comes to, and where it is written; without one it is not known. */
export interface Found extends Place {
  value: string;
}

/** A text whose names can be looked up. */
interface Source {
  file: string;
  code: string;
  lineAt: (offset: number) => number;
  /** The types and objects that it declares. */
  owners: ReadonlySet<string>;
}

interface Definition {
  source: Source;
  /** Where the expression begins. */
  offset: number;
}

/** An expression where it stands. */
export interface Expression extends Definition {
  text: string;
}

/** Values by name, such as environment variables or string resources. */
export class Names {
  readonly #values = new Map<string, Found[]>();

  add(name: string, found: Found): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [found]);
    else if (values.length < 100) values.push(found);
  }

  /** The values that a file sees: those nearest to it, of the folders around it. */
  nearest(name: string, file: string): Found[] {
    const all = this.#values.get(name) ?? [];
    if (all.length < 2) return all;
    const around = foldersAround(file);
    const distance = ({ file: other }: Found) => {
      const outer = new Set(foldersAround(other));
      const at = around.findIndex((folder) => outer.has(folder));
      return at < 0 ? around.length : at;
    };
    const least = Math.min(...all.map(distance));
    return all.filter((found) => distance(found) === least);
  }
}

const definition =
  /(?<![\w.$]|\bcase\s)["']?([A-Za-z_$][\w$]{0,100})["']?\s{0,20}(?::\s{0,20}[A-Za-z_][\w.<>?![\]]{0,60}\s{0,20}(?==[^=>]|\{)|(?=:|=(?!=))|(?=@"))/g;
const declared =
  /\b(?:enum|struct|class|object|extension|interface)\s+(\w{1,100})|\b(?:const|let|var|val|final)\s+(\w{1,100})[^=;\n]{0,100}=\s*(?:Object\.freeze\()?\{/g;
const deepest = 8;
/** Of an expression that is looked into. */
const mostCharacters = 2_000;
const mostDefinitions = 20_000;
/** Of all that is looked up; what is beyond is not known. */
const mostSteps = 20_000;

/** What names stand for in an app's source and settings, as far as it is written there literally. */
export class Definitions {
  readonly #sources = new Map<string, Source>();
  readonly #byName = new Map<string, Definition[]>();
  /** Of `.env` files. */
  readonly environment = new Names();
  /** Of Android's resources, `resValue` and `buildConfigField`. */
  readonly resources = new Names();
  #count = 0;
  #steps = 0;

  /** Takes a file's definitions, its comments left out. */
  addSource(file: string, code: string): void {
    const names = [...code.matchAll(declared)].map(([, type, object]) => type ?? object ?? '');
    const source = { file, code, lineAt: createLineAt(code), owners: new Set(names) };
    this.#sources.set(file, source);
    for (const found of code.matchAll(definition)) {
      if (this.#count >= mostDefinitions) return;
      const [whole, name = ''] = found;
      const end = found.index + whole.length;
      // `=`, `:`, `=>` or the brace of a computed property.
      const sign = /^(?:=>|[:=](?![:=])|\{\s*(?:get\s*\{\s*)?(?:return\b)?)?\s*/.exec(
        code.slice(end, end + 60),
      );
      this.#count += 1;
      const offset = end + (sign?.[0].length ?? 0);
      const definitions = this.#byName.get(name);
      if (definitions === undefined) this.#byName.set(name, [{ source, offset }]);
      else definitions.push({ source, offset });
    }
  }

  /** The expression that a part of a file's code is. */
  expression(file: string, text: string, offset: number): Expression | undefined {
    const source = this.#sources.get(file);
    return source && { source, text, offset };
  }

  /** The line that an expression begins on. */
  lineOf({ source, offset }: Expression): number {
    return source.lineAt(offset);
  }

  /**
   * Every value that an expression may come to. What is worked out in another way than by names,
   * conditions and defaults is not known, and so is what several definitions contend for.
   */
  valuesOf(expression: Expression, depth = 0): Found[] | undefined {
    if (depth > deepest) return undefined;
    const { source, offset } = expression;
    this.#steps += 1;
    if (this.#steps > mostSteps || expression.text.length > mostCharacters) return undefined;
    const text = bare(expression.text);
    const within = (part: string): Expression => ({
      source,
      text: part,
      offset: Math.max(offset, source.code.indexOf(part, offset)),
    });
    const again = (part: string) => this.valuesOf(within(part), depth + 1);

    const literal = literalOf(text, source.file);
    if (literal !== undefined) {
      return [{ value: literal, file: source.file, line: source.lineAt(offset) }];
    }
    const choice = choiceOf(text);
    if (choice !== undefined) {
      const values = choice.filter((part) => !/^(null|nil|undefined)$/.test(part)).map(again);
      if (values.some((each) => each === undefined)) return undefined;
      // What is asked whether it is empty is not given if it is.
      const isGuarded = /\.is(Not)?Empty\b|[!=]==? ?(''|"")/.test(text);
      return values.flatMap((each) => each ?? []).filter(({ value }) => !isGuarded || value !== '');
    }
    const fallback = /^([^?|]+?)\s*(\?\?|\|\||\?:)\s*([\s\S]+)$/.exec(text);
    if (fallback !== null) {
      const first = again((fallback[1] ?? '').trim());
      // An empty text gives way to what follows `||`.
      const isEmpty = fallback[2] === '||' && first?.every(({ value }) => value === '');
      return isEmpty === true ? again((fallback[3] ?? '').trim()) : first;
    }
    const variable = environmentName(text);
    if (variable !== undefined) return some(this.environment.nearest(variable, source.file));
    const resource = /\bR\.string\.(\w+)|\bBuildConfig\.(\w+)|^@string\/(\w+)$/.exec(text);
    if (resource !== null) {
      const name = resource[1] ?? resource[2] ?? resource[3] ?? '';
      return some(this.resources.nearest(name, source.file));
    }
    const select = /^Platform\.select\s*\(\s*\{/.exec(text);
    if (select !== null) {
      const open = source.code.indexOf('{', offset);
      const values = partsOf(source.code, open).map((part) => again(part.text));
      return values.every((each) => each !== undefined) ? values.flat() : undefined;
    }
    const path = pathOf(text);
    if (path === undefined) return undefined;
    const found = this.#lookUp(path, expression).map((each) => this.valuesOf(each, depth + 1));
    const values = known(found.flatMap((each) => each ?? []));
    // Of an app that is built twice, one part may have no ID.
    const isEmpty = values?.every(({ value }) => value === '') === true;
    return isEmpty && found.includes(undefined) ? undefined : values;
  }

  /** The setting that a name leads to in the end; the expression itself if that is longer than a path. */
  endOf(expression: Expression, depth = 0): string {
    const text = bare(expression.text);
    const path = depth > deepest ? undefined : pathOf(text);
    if (path?.length !== 1) return text;
    const [only, ...others] = this.#lookUp(path, expression);
    const end = only === undefined || others.length > 0 ? text : this.endOf(only, depth + 1);
    return pathOf(end) === undefined && environmentName(end) === undefined ? text : end;
  }

  /** What a path such as `Config.google.webClientId` names: by the objects on it, else by its end. */
  #lookUp(path: readonly string[], { source, offset }: Expression): Expression[] {
    const last = path.at(-1) ?? '';
    const all = (this.#byName.get(last) ?? []).filter(
      (each) => each.source !== source || each.offset !== offset,
    );
    const owner = path.at(-2);
    const own = all.filter((each) =>
      owner === undefined ? each.source === source : each.source.owners.has(owner),
    );
    const some = own.length > 0 ? own : all;
    return some
      .slice(0, 50)
      .map((each) => ({ ...each, text: expressionAt(each.source.code, each.offset) }))
      .filter(({ text }) => text !== '' && !/^(String|string|NSString|str)\b[?!]?$/.test(text));
  }
}

/** The values of one name in the settings of several builds. */
function some(values: readonly Found[]): Found[] | undefined {
  return values.length === 0 ? undefined : values.slice(0, 10);
}

/** Values that agree; those of several definitions that differ are not known. */
function known(values: readonly Found[]): Found[] | undefined {
  const distinct = new Map(values.map((found) => [found.value, found]));
  return distinct.size === 1 ? [...distinct.values()] : undefined;
}

/** An expression without what changes nothing: parentheses, types, marks of what may be missing. */
function bare(text: string): string {
  let rest = text.trim();
  rest = rest.replace(/^(?:const|await|return)\s+/, '');
  rest = rest.replace(/\s+(?:as|satisfies)\s+[\w.<>|\s?!]{1,60}$/, '');
  rest = rest.replace(/[!?;]+$/, '').trim();
  const inner = /^\(([\s\S]*)\)$/.exec(rest)?.[1];
  return inner !== undefined && !/^[^(]*\)/.test(inner) ? bare(inner) : rest;
}

/** The text of a literal that nothing is put into or appended to. */
function literalOf(text: string, file: string): string | undefined {
  const written = /^@?(?:"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`)(?:\.trim\(\)|\.tr)?$/.exec(text);
  const value = written?.[1] ?? written?.[2] ?? written?.[3];
  if (value === undefined) return undefined;
  if (/\$\{|\\\(/.test(value)) return undefined;
  if (/\$\w/.test(value) && /^(dart|kt|kts)$/.test(endingOf(file))) return undefined;
  return value.replace(/\\(["'/\\])/g, '$1');
}

/** The branches of a condition; on a phone, of one that asks for the web, the other branch. */
function choiceOf(text: string): string[] | undefined {
  const choice =
    /^([^?"'`]{1,200}?)\s*\?(?![?.])\s*((?:"[^"]*"|'[^']*'|[^:"'?])+?)\s*:\s*([\s\S]+)$/.exec(text);
  if (choice === null) return undefined;
  const [, condition = '', first = '', second = ''] = choice;
  const web = /^(!?)\s*\(?\s*(?:kIsWeb|isWeb)\b\s*\)?$/.exec(condition.trim());
  if (web !== null) return [web[1] === '!' ? first.trim() : second.trim()];
  return [first.trim(), second.trim()];
}

/** The variable of the environment that an expression reads. */
function environmentName(text: string): string | undefined {
  const found =
    /^(?:process\.env|import\.meta\.env|Config|Env|env)(?:\.(\w+)|\[\s*["'](\w+)["']\s*\])$/.exec(
      text,
    ) ??
    /^dotenv\.(?:env\[|get\(|maybeGet\(|env\.get\()\s*["'](\w+)["'][^()]*[\])]?\)?$/.exec(text);
  const name = found?.[1] ?? found?.[2];
  return name !== undefined && /^[A-Z][A-Z\d_]*$/.test(name) ? name : undefined;
}

/** The names of a path; undefined if the text is none. */
function pathOf(text: string): string[] | undefined {
  const path = /^(?:this\.|self\.|Self\.)?[A-Za-z_$][\w$]*(?:[?!]?\.[A-Za-z_$][\w$]*){0,6}$/.exec(
    text,
  );
  return path === null ? undefined : text.replace(/^(?:this|self|Self)\./, '').split(/[?!]?\./);
}
