/** Where a text stops being JSON, and what is wrong there. */
export interface JsonFault {
  readonly offset: number;
  /** A sentence without its full stop. */
  readonly message: string;
}

type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/** One token: a text, a number or a word, a mark. Texts that do not end on their line match nothing. */
const TOKEN =
  /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*"|[\w.+-]+|[[\]{},:]/y;
const BLANKS = /[ \t\r\n]*/y;
const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/**
 * Finds where a text that was meant to be JSON is none; undefined where it is. Does not look for keys
 * that stand twice.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let offset = 0;
  const isOver = () => open.length === 0 && wanted === ', or end';
  for (;;) {
    BLANKS.lastIndex = offset;
    BLANKS.test(text);
    offset = BLANKS.lastIndex;
    if (offset >= text.length) {
      return isOver() ? undefined : { offset, message: endedEarly(open.at(-1)) };
    }
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    const next: Wanted | undefined =
      token === undefined || isOver() ? undefined : step(token, wanted, open);
    if (next === undefined) {
      return { offset, message: explain(text, offset, isOver() ? 'the end' : wanted, open.at(-1)) };
    }
    wanted = next;
    offset = TOKEN.lastIndex;
  }
}

/** What is wanted after a token; undefined where it cannot stand here. */
function step(token: string, wanted: Wanted, open: ('{' | '[')[]): Wanted | undefined {
  const inside = open.at(-1);
  const isClosing =
    (token === '}' && inside === '{' && (wanted === 'key or }' || wanted === ', or end')) ||
    (token === ']' && inside === '[' && (wanted === 'value or ]' || wanted === ', or end'));
  if (isClosing) {
    open.pop();
    return ', or end';
  }
  if (wanted === ':') return token === ':' ? 'value' : undefined;
  if (wanted === ', or end') {
    if (token !== ',') return undefined;
    return inside === '{' ? 'key' : 'value';
  }
  if (wanted === 'key' || wanted === 'key or }') return token.startsWith('"') ? ':' : undefined;
  if (token === '{' || token === '[') {
    open.push(token);
    return token === '{' ? 'key or }' : 'value or ]';
  }
  return token.startsWith('"') || WORD.test(token) ? ', or end' : undefined;
}

function endedEarly(inside: '{' | '[' | undefined): string {
  const what = inside === '{' ? 'a map' : inside === '[' ? 'a list' : 'a value';
  return `this is no JSON: it ends in the middle of ${what}`;
}

const WANTED: Readonly<Record<Wanted | 'the end', string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes, or }',
  ':': 'a colon',
  ', or end': 'a comma',
  'the end': 'the end of the text',
};

function explain(
  text: string,
  offset: number,
  wanted: Wanted | 'the end',
  inside: '{' | '[' | undefined,
): string {
  const rest = text.slice(offset, offset + 2);
  if (rest === '//' || rest === '/*' || rest[0] === '#') {
    return 'this is no JSON: there are no comments in it';
  }
  if (rest[0] === '"' && wanted !== ':' && wanted !== ', or end' && wanted !== 'the end') {
    return 'this is no JSON: the text that begins here does not end, or has a \\ too many';
  }
  const closing = inside === '{' ? ' or }' : inside === '[' ? ' or ]' : '';
  return `this is no JSON: ${WANTED[wanted]}${wanted === ', or end' ? closing : ''} is expected here`;
}
