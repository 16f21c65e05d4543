// The man pages in roff: gsac(1), a page for each command and one for each other topic of the manual.
// Options and examples come from the declarations, the prose from the manual.
import { renderTable, toPlain } from './manual-text.js';

const width = 72;

/** gsac(1): every command with a line, the global options, the exit codes, the variables. */
export function renderMainPage(tree, { version, topics, exitCodes, environment }) {
  const byType = (page, type) => page.tokens.filter((token) => token.type === type);
  const pages = [
    ...tree.commands.map(({ name }) => `gsac-${name}(1)`),
    ...topics.map((name) => `gsac-${name}(7)`),
  ];
  const [meaning] = byType(exitCodes, 'table');
  return join([
    head('gsac', 1, version),
    section('NAME', text(`gsac - ${lowerFirst(tree.description.replace(/\.$/, ''))}`)),
    section('SYNOPSIS', `${bold('gsac')} ${text('<command> [options]')}`),
    section(
      'COMMANDS',
      tree.commands.map(({ name, summary }) => item(`gsac-${name}(1)`, summary)).join('\n'),
    ),
    section('OPTIONS', tree.options.map(describeOption).join('\n')),
    section('EXIT STATUS', meaning.rows.map(([code, what]) => defined(code, what)).join('\n')),
    section('ENVIRONMENT', byType(environment, 'list').map(block).join('\n')),
    section('EXAMPLES', example(tree.epilogue.split('\n\n')[0])),
    section('SEE ALSO', text(pages.join(', '))),
  ]);
}

/** gsac-x(1): the page of the command, then its options, subcommands and examples. */
export function renderCommandPage(command, page, { version, isCommand }) {
  const { name, usage, commands } = command;
  return join([
    head(`gsac-${name}`, 1, version),
    section('NAME', text(`gsac-${name} - ${command.summary}`)),
    section('SYNOPSIS', text(usage)),
    section('DESCRIPTION', prose(page.tokens)),
    section('OPTIONS', describeOwn(command)),
    ...(commands.length === 0
      ? []
      : [section('SUBCOMMANDS', commands.map(describeSubcommand).join('\n'))]),
    section('EXAMPLES', example(command.epilogue)),
    seeAlso(page, isCommand),
  ]);
}

/** gsac-x(7): a topic that is no command. */
export function renderTopicPage(page, summary, { version, isCommand }) {
  return join([
    head(`gsac-${page.name}`, 7, version),
    section('NAME', text(`gsac-${page.name} - ${lowerFirst(summary.replace(/\.$/, ''))}`)),
    section('DESCRIPTION', prose(page.tokens)),
    seeAlso(page, isCommand),
  ]);
}

function head(name, chapter, version) {
  const kind = chapter === 1 ? 'User Commands' : 'Miscellaneous Information';
  const title = `.TH ${argument(name.toUpperCase())} ${chapter} "" ${argument(`gsac ${version}`)}`;
  // Names of variables and codes are not to be hyphenated, nor torn apart to fill a line.
  return `${title} ${argument(kind)}\n.nh\n.ad l`;
}

function seeAlso({ links }, isCommand) {
  const pages = links.map((name) => `gsac-${name}(${isCommand.has(name) ? 1 : 7})`);
  return section('SEE ALSO', text(['gsac(1)', ...pages].join(', ')));
}

function describeOwn({ arguments: words, options }) {
  return [
    ...words
      .filter(({ description }) => description !== '')
      .map(({ name, description }) => item(`<${name}>`, description)),
    ...options
      .filter(({ isGlobal, names }) => !isGlobal && !names.includes('--help'))
      .map(describeOption),
    '.PP',
    text('The global options are in gsac(1).'),
  ].join('\n');
}

function describeSubcommand(command) {
  const { usage, description, epilogue, options, ...rest } = command;
  const own = describeOwn({ ...rest, options })
    .split('\n.PP\n')[0]
    .replace(/^\.PP\n.*$/s, '');
  const parts = [text(description), own, example(epilogue)].filter((part) => part !== '');
  return [`.SS ${argument(usage.replace(' [options]', ''))}`, ...parts].join('\n');
}

function describeOption({ flags, description }) {
  return item(flags, description);
}

/** The blocks of a page; its headings are sections of their own. */
function prose(tokens) {
  return tokens
    .filter(({ type }) => type !== 'space')
    .map((token, at) => {
      if (token.type === 'heading') return `.SH ${argument(toPlain(token.tokens).toUpperCase())}`;
      // The first paragraph follows its heading at once.
      const isFirst = at === 0 || tokens[at - 1]?.type === 'heading';
      return isFirst && token.type === 'paragraph' ? inline(token.tokens) : block(token);
    })
    .join('\n');
}

function block(token) {
  switch (token.type) {
    case 'space':
      return '';
    case 'paragraph':
      return `.PP\n${inline(token.tokens)}`;
    case 'text':
      return inline(token.tokens ?? [token]);
    case 'code':
      return shaped(token.text);
    case 'table':
      return shaped(renderTable(token, width));
    case 'list':
      return list(token);
    default:
      throw new Error(`The manual has no form for ${token.type}: ${token.raw}`);
  }
}

function list({ items, ordered, start }) {
  const rendered = items.map(({ tokens }, at) => {
    const mark = ordered ? `"${start + at}." 3` : '\\(bu 2';
    const [first, ...rest] = tokens.filter(({ type }) => type !== 'space');
    const own = first.type === 'paragraph' ? inline(first.tokens) : block(first);
    return [`.IP ${mark}`, own, ...rest.map((token) => `.RS 3\n${block(token)}\n.RE`)].join('\n');
  });
  return rendered.join('\n');
}

function shaped(lines) {
  return `.PP\n.RS 4\n.nf\n${text(lines)}\n.fi\n.RE`;
}

/** Words with code and what is strong in bold; each ends up on a line that man fills. */
function inline(tokens) {
  const words = tokens.map((token, at) => {
    if (token.type === 'codespan') return bold(toPlain([token], (code) => code));
    if (token.type === 'strong') return bold(toPlain(token.tokens, (code) => code));
    if (token.type === 'em') return `\\fI${toRoff(toPlain(token.tokens))}\\fR`;
    if (token.type === 'link') {
      const isReference =
        token.manPage !== undefined && /\bsee\s$/i.test(tokens[at - 1]?.raw ?? '');
      return isReference ? bold(token.manPage) : inline(token.tokens);
    }
    return toRoff(toPlain([token]));
  });
  return guard(words.join('').replace(/\s*\n\s*/g, '\n'));
}

function section(title, body) {
  return `.SH ${argument(title)}\n${body}`;
}

function item(term, description) {
  return `.TP\n${bold(term)}\n${text(description)}`;
}

function defined(term, what) {
  return `.TP\n${bold(toPlain(term.tokens, (code) => code))}\n${inline(what.tokens)}`;
}

/** The lines below a help: those with a prompt keep their shape. */
function example(epilogue) {
  const lines = epilogue.split('\n').filter((line) => line.trim() !== '');
  const out = [];
  let isShaped = false;
  for (const line of lines.filter((each) => !/^Examples?:$/.test(each))) {
    const wants = line.startsWith('  ');
    if (wants !== isShaped) out.push(wants ? '.PP\n.RS 4\n.nf' : '.fi\n.RE');
    if (!wants) out.push('.PP');
    out.push(text(wants ? line.slice(2) : line));
    isShaped = wants;
  }
  if (isShaped) out.push('.fi\n.RE');
  return out.join('\n');
}

function join(blocks) {
  return `${blocks.join('\n').replace(/\n{2,}/g, '\n')}\n`;
}

function bold(plain) {
  return `\\fB${toRoff(plain)}\\fR`;
}

/** Lines of text as they are. */
function text(plain) {
  // man takes an empty line for an end of paragraph; this one is of the text.
  return guard(toRoff(plain).replace(/^$/gm, '\\&'));
}

/** A line that begins with a dot or a quote would be taken for a request. */
function guard(lines) {
  return lines.replace(/^(?=[.'])/gm, '\\&');
}

function argument(plain) {
  return `"${toRoff(plain).replaceAll('"', '\\(dq')}"`;
}

/** A hyphen that is typed must stay one, and a backslash is roff's own. */
function toRoff(plain) {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll('\u0000', ' ')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '...')
    .replace(/[^\n -~]/gu, (letter) => {
      const number = letter.codePointAt(0) ?? 0;
      return `\\[u${number.toString(16).toUpperCase().padStart(4, '0')}]`;
    });
}

function lowerFirst(plain) {
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
