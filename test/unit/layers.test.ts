import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** What each room may import, itself apart; `type x` stands for the types of x only. */
const commands = ['core', 'accounts', 'files', 'terminal', 'cli', 'type google'];
const tools = [...commands, 'commands', 'google', 'accounts/stores', 'schema', 'intercept', 'page'];
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  files: ['core'],
  google: ['core'],
  terminal: ['core'],
  schema: ['core'],
  intercept: ['core', 'files'],
  page: [],
  'accounts/stores': ['core', 'files'],
  accounts: ['core', 'files', 'type google', 'type accounts/stores'],
  cli: ['core', 'files', 'terminal', 'type accounts', 'type google'],
  commands,
  tools,
  'tools/emulator': [...tools, 'emulator', 'emulator/stand-in'],
  emulator: ['emulator/stand-in', 'page'],
  // The only one of the emulator's files that knows of gsac: it stands between programs and Google.
  'emulator/stand-in': ['emulator', 'intercept', 'core'],
};

/** One import, static or dynamic, at any depth. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  readonly typesOnly: boolean;
}

const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort();
const files = paths.map((path) => readSource(path, readFileSync(join(src, path), 'utf8')));
const arrows = files.flatMap((file) => file.arrows);

describe('src', () => {
  it('imports along the table of rooms only', () => {
    expect(arrows.filter((arrow) => !isAllowed(arrow)).map(nameOf)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(findCircles()).toEqual([]);
  });

  it.each([
    [
      'has no barrel',
      files.filter(({ path, reexports }) => reexports && path !== 'emulator/library.ts'),
    ],
    ['has no default export', files.filter(({ text }) => /^export default\b/m.test(text))],
    [
      'reads `process` in system.ts and main.ts only, and in the library',
      files.filter(
        ({ path, readsProcess }) =>
          readsProcess && !/^(system|main|emulator\/library)\.ts$/.test(path),
      ),
    ],
  ])('%s', (_what, found) => {
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('has no file of more than 400 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 401);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

function readSource(path: string, text: string) {
  const arrows: Arrow[] = [];
  let reexports = false;
  let readsProcess = false;
  const add = (to: ts.Node | undefined, names: readonly string[], typesOnly: boolean) => {
    if (to === undefined || !ts.isStringLiteral(to) || !to.text.startsWith('.')) return;
    const target = join(dirname(path), to.text).replace(/\.js$/, '.ts');
    arrows.push({ from: path, to: target, names, typesOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const { importClause: clause } = node;
      const bindings = clause?.namedBindings;
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
      const typesOnly = named.length > 0 && named.every((each) => each.isTypeOnly);
      const names = named.map(({ name, propertyName }) => (propertyName ?? name).text);
      const isType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      add(node.moduleSpecifier, names, isType || typesOnly);
    }
    if (ts.isExportDeclaration(node)) {
      reexports ||= node.moduleSpecifier !== undefined;
      add(node.moduleSpecifier, [], node.isTypeOnly);
    }
    if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, [], true);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], [], false);
    }
    if (ts.isIdentifier(node) && node.text === 'process') readsProcess ||= isGlobal(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
  return { path, text, arrows, reexports, readsProcess };
}

/** Whether an identifier stands for the global of its name and not for a member or a parameter. */
function isGlobal({ parent, text }: ts.Identifier): boolean {
  const isMember =
    (ts.isPropertyAccessExpression(parent) && parent.name.text === text) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isParameter(parent);
  return !isMember;
}

/** The room that a file lies in; a file at the top is a room by itself. */
function roomOf(path: string): string {
  if (path === 'emulator/stand-in.ts') return 'emulator/stand-in';
  const [first = '', second = ''] = path.split('/');
  if (first === 'tools' || path.startsWith('accounts/stores/')) return `${first}/${second}`;
  return first;
}

function isAllowed({ from, to, typesOnly }: Arrow): boolean {
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room === target || room.endsWith('.ts')) return true;
  const allowed = rooms[room] ?? rooms[room.split('/')[0] ?? ''] ?? [];
  return allowed.includes(target) || (typesOnly && allowed.includes(`type ${target}`));
}

function nameOf({ from, to, typesOnly }: Arrow): string {
  return `${from} -> ${to}${typesOnly ? ', types' : ''}`;
}

/** Every circle, named by the files on it. */
function findCircles(): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path) || way.includes(path)) return;
    const next = new Set(arrows.filter(({ from }) => from === path).map(({ to }) => to));
    for (const to of next) follow(to, [...way, path]);
    done.add(path);
  };
  for (const path of paths) follow(path, []);
  return circles;
}
