/** A value of a property list in OpenStep's form, as Xcode writes its projects. */
export type Node = string | readonly Node[] | Dictionary;

/** A dictionary; `lines` has the line of each key. */
export interface Dictionary {
  entries: Map<string, Node>;
  lines: Map<string, number>;
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\]|\\[\s\S])*"?|[{}()=;,]|[^\s{}()=;,"]+/g;
const deepest = 100;

/** Reads a property list in OpenStep's form; undefined if it holds no dictionary, or is broken. */
export function parseOpenStep(text: string): Dictionary | undefined {
  let line = 1;
  let counted = 0;
  token.lastIndex = 0;
  const next = (): string | undefined => {
    for (;;) {
      const found = token.exec(text);
      if (found === null) return undefined;
      for (let at = text.indexOf('\n', counted); at >= 0 && at < found.index; ) {
        line += 1;
        counted = at + 1;
        at = text.indexOf('\n', counted);
      }
      if (!/^\/[/*]/.test(found[0])) return found[0];
    }
  };

  function toText(written: string): string {
    if (!written.startsWith('"')) return written;
    return written
      .slice(1, -1)
      .replace(/\\([\s\S])/g, (_whole, char: string) =>
        char === 'n' ? '\n' : char === 't' ? '\t' : char,
      );
  }

  function readValue(first: string | undefined, depth: number): Node | undefined {
    if (first === undefined || depth > deepest || /^[)};,=]$/.test(first)) return undefined;
    if (first === '(') {
      const list: Node[] = [];
      for (let each = next(); each !== ')'; each = next()) {
        if (each === ',') continue;
        const value = readValue(each, depth + 1);
        if (value === undefined) return undefined;
        list.push(value);
      }
      return list;
    }
    return first === '{' ? readDictionary(depth + 1) : toText(first);
  }

  function readDictionary(depth: number): Dictionary | undefined {
    const dictionary: Dictionary = { entries: new Map(), lines: new Map() };
    for (let key = next(); key !== '}'; key = next()) {
      if (key === undefined) return undefined;
      if (key === ';') continue;
      const at = line;
      if (next() !== '=') return undefined;
      const value = readValue(next(), depth);
      if (value === undefined) return undefined;
      const name = toText(key);
      dictionary.entries.set(name, value);
      dictionary.lines.set(name, at);
    }
    return dictionary;
  }

  return next() === '{' ? readDictionary(0) : undefined;
}

/** Whether a value is a dictionary. */
export function isDictionary(node: Node | undefined): node is Dictionary {
  return typeof node === 'object' && 'entries' in node && node.entries instanceof Map;
}
