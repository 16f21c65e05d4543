// The manual: reads src/manual/*.md and writes what `gsac help <topic>` prints (dist/help/) and the man
// pages (dist/man/). One page may speak of several commands: the part below a heading `gsac x` is the
// page of the command x.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { marked } from 'marked';
import { renderCommandPage, renderMainPage, renderTopicPage } from './man-pages.js';
import { renderText, toPlain, wrap } from './manual-text.js';

/**
 * @typedef {object} Page
 * @property {string} name what stands behind `gsac help`
 * @property {string} title
 * @property {import('marked').Token[]} tokens all below the title
 * @property {readonly string[]} links the pages that it leads to
 * @property {boolean} isPart whether it is a part of another page
 */

/**
 * Reads the pages, each part that is the page of a command being one, too.
 * @returns {Promise<Page[]>}
 */
export async function readManual(folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const pages = await Promise.all(
    files.map(async (file) => {
      const [title, ...tokens] = marked
        .lexer(await readFile(join(folder, file), 'utf8'))
        .filter(({ type }) => type !== 'space');
      return toPage(basename(file, '.md'), title.text, tokens, false);
    }),
  );
  return [...pages, ...pages.flatMap(partsOf)];
}

/** A link from one page to another. */
const pageLink = /^([\w-]+)\.md(#|$)/;

function toPage(name, title, tokens, isPart) {
  const links = new Set();
  marked.walkTokens(tokens, ({ type, href }) => {
    const [, target] = type === 'link' ? (pageLink.exec(href) ?? []) : [];
    if (target !== undefined) links.add(target);
  });
  return { name, title, tokens, links: [...links].filter((link) => link !== name).sort(), isPart };
}

const commandOf = (title) => /^gsac ([\w-]+)$/.exec(title)?.[1];
const isChapter = ({ type, depth }) => type === 'heading' && depth === 2;
const isPartHeading = (token) => isChapter(token) && commandOf(token.text) !== undefined;

/** The parts of a page that are the pages of other commands. */
function partsOf({ name, tokens }) {
  return tokens.flatMap((token, at) => {
    if (!isPartHeading(token)) return [];
    const rest = tokens.slice(at + 1);
    const end = rest.findIndex(isChapter);
    const part = toPage(
      commandOf(token.text),
      token.text,
      end < 0 ? rest : rest.slice(0, end),
      true,
    );
    return [{ ...part, links: [...new Set([name, ...part.links])].sort() }];
  });
}

/** The title, with the other commands that the page has parts for: `gsac token, with exec and export`. */
function titleOf(page) {
  const others = page.isPart ? [] : partsOf(page).map(({ name }) => name);
  return others.length === 0
    ? page.title
    : `${page.title}, with ${new Intl.ListFormat('en-GB').format(others)}`;
}

/** A page without the parts that are pages of other commands. */
function withoutParts(page) {
  let isInPart = false;
  const tokens = page.tokens.filter((token) => {
    if (isChapter(token)) isInPart = isPartHeading(token);
    return !isInPart;
  });
  return { ...page, tokens };
}

/** The first sentence of a page, which says what it is for. */
function summaryOf({ tokens: [first] }) {
  const [sentence] = /^.*?[.:](?= |$)/s.exec(toPlain(first.tokens)) ?? [toPlain(first.tokens)];
  return sentence.replace(/:$/, '.');
}

/**
 * Writes the pages.
 *
 * @param tree the command line as it is declared (`gsac __complete tree`).
 * @param version gsac's.
 */
export async function writeManual({ source, dist, tree, version }) {
  const pages = await readManual(source);
  const help = join(dist, 'help');
  const man = join(dist, 'man');
  await Promise.all([help, man].map((folder) => mkdir(folder, { recursive: true })));
  const isCommand = new Set(tree.commands.map(({ name }) => name));
  for (const { tokens } of pages) {
    marked.walkTokens(tokens, (token) => {
      const [, name] = token.type === 'link' ? (pageLink.exec(token.href) ?? []) : [];
      // The word that is the page's name, as in "see stores".
      const isName = name === token.text?.replaceAll(' ', '-');
      if (name !== undefined && isName)
        token.manPage = `gsac-${name}(${isCommand.has(name) ? 1 : 7})`;
    });
  }
  const topics = pages.filter(({ name, isPart }) => !isPart && !isCommand.has(name));
  const pageOf = (name) => pages.find((page) => page.name === name);
  const files = {
    [join(help, 'names')]: `${pages
      .map(({ name }) => name)
      .sort()
      .join('\n')}\n`,
    [join(help, 'topics.txt')]: listTopics(topics),
    ...Object.fromEntries(
      pages.map((page) => [
        join(help, `${page.name}.txt`),
        renderText({ ...page, title: titleOf(page) }),
      ]),
    ),
    [join(man, 'gsac.1')]: renderMainPage(tree, {
      version,
      topics: topics.map(({ name }) => name),
      exitCodes: pageOf('exit-codes'),
      environment: pageOf('environment'),
    }),
    ...Object.fromEntries(
      tree.commands.map((command) => {
        const page = withoutParts(pageOf(command.name));
        const text = renderCommandPage(command, page, { version, isCommand });
        return [join(man, `gsac-${command.name}.1`), text];
      }),
    ),
    ...Object.fromEntries(
      topics.map((page) => {
        const text = renderTopicPage(page, summaryOf(page), { version, isCommand });
        return [join(man, `gsac-${page.name}.7`), text];
      }),
    ),
  };
  await Promise.all(Object.entries(files).map(([path, text]) => writeFile(path, text)));
}

/** What `gsac help` prints below the commands. */
function listTopics(topics) {
  const indent = Math.max(...topics.map(({ name }) => name.length)) + 4;
  const lines = topics.map(
    (page) =>
      `  ${page.name.padEnd(indent - 2)}${wrap(summaryOf(page), 80 - indent).join(`\n${' '.repeat(indent)}`)}`,
  );
  return `Topics (gsac help <topic>, also for each command):\n${lines.join('\n')}\n`;
}
