// `npm run changelog`: puts what was committed since the last release on top of CHANGELOG.md, under the
// version in package.json. `npm version` calls it before it commits.
//
//   --print   prints the part of that version instead: the notes of its release
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({ options: { print: { type: 'boolean', default: false } } });
const file = 'CHANGELOG.md';
const title = '# Changelog';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const text = existsSync(file) ? readFileSync(file, 'utf8') : title;
const parts = text.split(/^(?=## )/m).slice(1);
const known = parts.find((part) => part.startsWith(`## ${version} `));

/** The headings, and the subjects that go below each; the rest are changes of gsac itself. */
const groups = [
  { heading: 'Manual', pattern: /^(manual|readme|docs|help|figures)\b/i },
  { heading: 'For contributors', pattern: /^(tests?|build|ci|bench|demo|style|contributing)\b/i },
];

if (flags.print) {
  if (known === undefined) fail(`${file} has nothing of version ${version}`);
  process.stdout.write(`${known.replace(/^## .*\n+/, '').trim()}\n`);
} else {
  if (known !== undefined) fail(`${file} has version ${version} already`);
  const all = [title, renderPart(), ...parts].map((part) => `${part.trim()}\n`);
  writeFileSync(file, all.join('\n'));
}

function renderPart() {
  const heading = `## ${version} (${git('log', '-1', '--format=%cs')})`;
  const last = git('tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname').split(
    '\n',
  )[0];
  if (last === '') return `${heading}\n\nThe first release.`;
  const range = ['--no-merges', '--reverse', '--format=%s', `${last}..HEAD`];
  const subjects = git('log', ...range)
    .split('\n')
    .filter((subject) => subject !== '');
  if (subjects.length === 0) fail(`Nothing was committed since ${last}`);
  const lists = [undefined, ...groups].flatMap((group) => {
    const own = subjects.filter((subject) => groupOf(subject) === group);
    const above = group === undefined ? [] : [`### ${group.heading}`];
    return own.length === 0 ? [] : [...above, renderList(own)];
  });
  return [heading, ...lists].join('\n\n');
}

function groupOf(subject) {
  return groups.find(({ pattern }) => pattern.test(subject));
}

/** The oldest first, but what is about one command together: `exec: hands the exit code on`. */
function renderList(subjects) {
  const entries = subjects.map((subject) => {
    const [, about = '', what = subject] = /^(\S[^:]{0,30}): +(.+)$/.exec(subject) ?? [];
    return { about, line: `- ${about === '' ? '' : `**${about}**: `}${escaped(what)}` };
  });
  const named = entries.filter(({ about }) => about !== '');
  named.sort((one, other) => one.about.localeCompare(other.about, 'en'));
  return [...named, ...entries.filter(({ about }) => about === '')]
    .map(({ line }) => line)
    .join('\n');
}

/** What Markdown would take for its own, outside of code. */
function escaped(text) {
  return text.replace(/`[^`]*`|[<*_]/g, (found) => (found.startsWith('`') ? found : `\\${found}`));
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

function fail(message) {
  process.stderr.write(`changelog: ${message}.\n`);
  process.exit(1);
}
