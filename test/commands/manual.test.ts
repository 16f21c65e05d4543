import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Runtime } from '../../src/cli/runtime.js';
import { errorExitCodes } from '../../src/core/errors.js';
import { createProgram } from '../../src/program.js';
import { rules } from '../../src/tools/check/rules/rules.js';
import {
  type CommandNode,
  flatten,
  readCommandTree,
} from '../../src/tools/completion/command-tree.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manual = join(root, 'src/manual');
const pages = readdirSync(manual).map((name) => join(manual, name));
const readme = join(root, 'README.md');
const texts = [readme, ...pages];
const read = (path: string) => readFileSync(path, 'utf8');

const runtime: Runtime = {
  calling: () => undefined,
  version: () => '0.0.0-test',
  columns: () => 80,
  argv: () => [],
  run: async () => undefined,
  stream: async () => undefined,
};

let commands: ReadonlyMap<string, CommandNode>;
beforeAll(async () => {
  const tree = readCommandTree(await createProgram(runtime, [], () => undefined));
  commands = new Map(flatten(tree).map((node) => [node.path, node]));
});

describe('The manual', () => {
  it.each(texts.map((path) => [basename(path), path]))(
    '%s has links that resolve',
    (_name, path) => {
      const links = [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
      for (const link of links.filter((each) => !each.startsWith('https://'))) {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : join(dirname(path), file);
        expect(existsSync(target), link).toBe(true);
        if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
      }
    },
  );

  it.each(pages.map((path) => [basename(path), path]))(
    '%s has the form of a page',
    (_name, path) => {
      const [title = '', blank, first = ''] = read(path).split('\n');
      const name = basename(path, '.md');
      expect(title).toMatch(/^# [A-Za-z ]+$/);
      if (title.startsWith('# gsac ')) expect(title).toBe(`# gsac ${name}`);
      else expect(title.slice(2).toLowerCase().replaceAll(' ', '-')).toBe(name);
      expect(blank).toBe('');
      expect(first).toMatch(/^[A-Z]/);
      for (const line of prose(path).split('\n'))
        expect([...line].length, line).toBeLessThanOrEqual(80);
    },
  );

  it.each(texts.map((path) => [basename(path), path]))('%s calls gsac as it is', (_name, path) => {
    for (const call of callsIn(path)) {
      const node = commandOf(call);
      expect(node, call).toBeDefined();
      const known = node?.options.flatMap(({ names }) => names) ?? [];
      for (const flag of flagsIn(call)) expect([...known, '--help', '-h'], call).toContain(flag);
    }
  });

  it('names no flag that no command has', () => {
    const known = [...commands.values()].flatMap(({ options }) =>
      options.flatMap(({ names }) => names),
    );
    for (const path of pages) {
      const code = [...prose(path).matchAll(/`(-[^`]+)`/g)].map(([, flag = '']) => flag);
      for (const flag of code.flatMap(flagsIn)) {
        expect([...known, '--help', '--'], `${basename(path)}: ${flag}`).toContain(flag);
      }
    }
  });

  it.each(texts.map((path) => [basename(path), path]))(
    '%s shows what is printed',
    (_name, path) => {
      const golden = join(root, 'test/process/golden');
      const sessions = readdirSync(golden).filter((name) => name.endsWith('.txt'));
      const printed = sessions.flatMap((name) => stepsOf(read(join(golden, name))));
      const blocks = [...read(path).matchAll(/^```console\n([\s\S]*?)^```$/gm)];
      for (const { typed, output } of blocks.flatMap(([, text = '']) => stepsOf(text))) {
        const known = printed.filter((step) => step.typed === typed).map((step) => step.output);
        if (output === '' || known.length === 0) continue;
        // A line of its own with … stands for lines that are left out.
        const [start = '', ...rest] = output.split(/\n?^…$\n?/m);
        const matches = (whole: string) =>
          whole.startsWith(start) && rest.every((part) => whole.includes(part));
        expect(known.some(matches), `${typed}\n${output}`).toBe(true);
      }
    },
  );

  it('has a page, or a part of one, for every command', () => {
    const titles = pages.flatMap((path) => read(path).match(/^##? gsac .*$/gm) ?? []);
    const wanted = [...commands.keys()].filter((path) => /^gsac \S+$/.test(path));
    expect(titles.map((title) => title.replace(/^#+ /, '')).sort()).toEqual(wanted.sort());
  });

  it('lists every error code with its exit code', () => {
    const text = read(join(manual, 'exit-codes.md'));
    const listed = [...text.matchAll(/^- \*\*(\d+)\*\*:([\s\S]*?)(?=\n- |$(?![\s\S]))/gm)];
    const pairs = listed.flatMap(([, exitCode, codes = '']) =>
      [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => [code, Number(exitCode)]),
    );
    expect(Object.fromEntries(pairs)).toEqual(errorExitCodes);
  });

  it('lists every rule of check with its severity', () => {
    const text = read(join(manual, 'check.md'));
    const listed = [...text.matchAll(/^- `([\w-]+)` \((error|warning|note)\): /gm)];
    const declared = rules.map(({ id, severity }) => `${id} ${severity}`);
    expect(listed.map(([, id, severity]) => `${id} ${severity}`).sort()).toEqual(declared.sort());
    expect(text).toContain(`\n## The ${rules.length} rules\n`);
  });
});

describe('The README', () => {
  const lines = read(readme).split('\n');
  const start = lines.slice(0, 60).join('\n');

  it('is short', () => {
    expect(lines.length).toBeLessThanOrEqual(250);
    expect(statSync(readme).size).toBeLessThanOrEqual(15_000);
  });

  it('begins with a failing exchange as it is printed', () => {
    const [, transcript = ''] = /```console\n([\s\S]*?)```/.exec(start) ?? [];
    const golden = read(join(root, 'test/process/golden/failed-exchange.txt'));
    expect(transcript).toContain('cause: code-already-redeemed');
    expect(golden).toContain(transcript);
  });

  it('shows a picture of the report', () => {
    const [, picture = ''] = /!\[.+\]\((.+\.png)\)/.exec(start) ?? [];
    expect(statSync(join(root, picture)).size).toBeLessThanOrEqual(200_000);
  });

  it('leads to every page', () => {
    for (const path of pages) expect(read(readme)).toContain(`(src/manual/${basename(path)})`);
  });
});

/** A text without its blocks of code. */
function prose(path: string): string {
  return read(path).replace(/^( *)```[\s\S]*?^\1```$/gm, '');
}

/** The commands of a session, each with what it printed. */
function stepsOf(session: string): { typed: string; output: string }[] {
  return session.split(/^(?=\$ )/m).map((step) => {
    const [typed = '', ...output] = step.trimEnd().split('\n');
    return { typed: typed.replace(/ +#.*$/, ''), output: output.join('\n') };
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Every call of gsac in a text, up to what the shell takes for the end of it. */
function callsIn(path: string): string[] {
  const blocks = [...read(path).matchAll(/^( *)```(console|sh|yaml)\n([\s\S]*?)^\1```$/gm)];
  const typed = blocks.flatMap(([, , kind, text = '']) => {
    const whole = text.replace(/\\\n\s*/g, '').split('\n');
    return kind === 'console' ? whole.filter((line) => /^\s*\$ /.test(line)) : whole;
  });
  const inline = [...prose(path).matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
  return [...typed, ...inline]
    .map((line) => line.replace(/(^|\s)# .*$/, ''))
    .flatMap((line) => line.match(/\bgsac (?!\/|&&)[a-z-][^|;&)`]*/g) ?? [])
    .map((call) => (/^gsac ex(ec|port) /.test(call) ? call.replace(/ -- .*$/, '') : call).trim())
    .map((call) => call.replace(/\s+/g, ' '));
}

/** The command that a call names; undefined if there is none. */
function commandOf(call: string): CommandNode | undefined {
  const words = call.split(' ').filter((word) => !word.startsWith('-'));
  const named = words.findIndex(
    (_word, at) => at > 0 && !commands.has(words.slice(0, at + 1).join(' ')),
  );
  const path = named < 0 ? words : words.slice(0, named);
  const node = commands.get(path.join(' '));
  if (words[1] === 'help' || words.length === 1) return commands.get('gsac');
  return path.length === 1 ? undefined : node;
}

/** The flags of a call; what is in quotes is not one. */
function flagsIn(call: string): string[] {
  const bare = call.replace(/'[^']*'|"[^"]*"/g, '""');
  return (bare.match(/(?<=^|[\s(])--?[a-zA-Z][\w-]*/g) ?? []).map((flag) => flag);
}
