// A page of the manual as plain text of 80 columns. Headings are in capitals and begin a line, code is
// indented by four; only code may be wider.

const width = 80;
/** Stands for a blank that no line breaks at. */
const hard = '\u0000';
/** A longer piece of code may be broken, and has no backticks then. */
const longestCode = 60;

/** What `gsac help <topic>` prints. */
export function renderText({ title, tokens, links }) {
  const seeAlso = links.length === 0 ? [] : ['SEE ALSO', `gsac help ${links.join(' | ')}`];
  const blocks = [title.toUpperCase(), ...tokens.flatMap((token) => block(token, width))];
  return `${[...blocks, ...seeAlso.map((text) => wrap(text, width).join('\n'))].join('\n\n')}\n`;
}

/** The blocks of a token, each without an end of line. */
function block(token, columns) {
  switch (token.type) {
    case 'space':
      return [];
    case 'heading':
      return [toPlain(token.tokens).toUpperCase()];
    case 'paragraph':
    case 'text':
      return [wrap(toPlain(token.tokens ?? [token]), columns).join('\n')];
    case 'code':
      return [indent(token.text, '    ')];
    case 'list':
      return [renderList(token, columns)];
    case 'table':
      return [renderTable(token, columns)];
    default:
      throw new Error(`The manual has no form for ${token.type}: ${token.raw}`);
  }
}

function renderList({ items, ordered, start, loose }, columns) {
  const rendered = items.map((item, at) => {
    const mark = ordered ? `${start + at}. ` : '- ';
    const blank = ' '.repeat(mark.length);
    const text = item.tokens.flatMap((token) => block(token, columns - mark.length)).join('\n\n');
    return mark + indent(text, blank).slice(mark.length);
  });
  return rendered.join(loose ? '\n\n' : '\n');
}

/** Columns side by side, the last one wrapped. */
export function renderTable({ header, rows }, columns) {
  const bare = ({ tokens }) => toPlain(tokens, (code) => code);
  const head = header.map((cell) => bare(cell).toUpperCase());
  const lines = rows.map((row) => row.map(bare));
  const widths = head.map((title, at) =>
    Math.max(...[title, ...lines.map((line) => line[at])].map((text) => text.length)),
  );
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 2);
  return [head, ...lines]
    .filter((line) => line.some((text) => text !== ''))
    .map((line) => {
      const left = line.slice(0, -1).map((text, at) => text.padEnd(widths[at] + 2));
      const right = wrap(line.at(-1), columns - before).join(`\n${' '.repeat(before)}`);
      return `  ${left.join('')}${right}`.trimEnd();
    })
    .join('\n');
}

function indent(text, blank) {
  return text.replace(/^(?=.)/gm, blank);
}

const entities = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" };
const decode = (text) => text.replace(/&(lt|gt|amp|quot|#39);/g, (entity) => entities[entity]);

/** The words of inline tokens: links are their text, code is in backticks. */
export function toPlain(tokens, code = quoteCode) {
  return tokens
    .map((token) => {
      if (token.type === 'codespan') return code(decode(token.text));
      if (token.type === 'br') return '\n';
      return token.tokens === undefined ? decode(token.text) : toPlain(token.tokens, code);
    })
    .join('');
}

function quoteCode(code) {
  return code.length > longestCode ? code : `\`${code.replaceAll(' ', hard)}\``;
}

/** The lines of a text, broken at blanks. */
export function wrap(text, columns) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => each.replaceAll(hard, ' '));
}
