// Writes the types of a library as one file: its exports and whatever they are made of, without the
// rest of the modules that these lie in. So what is inside stays inside, and whoever compiles against
// the package needs no other one.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * The declarations of a module, as the text of a `.d.ts` file. Whether it compiles, `npm run types`
 * tells.
 * @param {string} entry the path of the module.
 * @throws {Error} where a type of another package can be reached, where two types have one name, and
 *   where something leaves its type to be inferred.
 */
export function collectDeclarations(entry) {
  const modules = new Map();
  const open = (path) => {
    if (!modules.has(path)) modules.set(path, readModule(path));
    return modules.get(path);
  };
  /** Follows imports and re-exports to where a name is declared. */
  const locate = (path, name) => {
    const { declared, borrowed } = open(path);
    const from = borrowed.get(name);
    if (from) {
      if (from.path === undefined) throw new Error(`${name} of ${from.module} is a public type`);
      return locate(from.path, from.name);
    }
    return declared.has(name) ? { path, name } : undefined;
  };

  const found = new Map();
  const add = (path, name) => {
    const place = locate(path, name);
    // Neither declared nor imported: the language's own.
    if (!place) return;
    const known = found.get(place.name);
    if (known?.path === place.path) return;
    if (known) throw new Error(`${place.name} is in ${known.path} and in ${place.path}`);
    const { declared, inferred } = open(place.path);
    if (inferred.has(place.name)) throw new Error(`${place.name} needs its type written out`);
    const node = declared.get(place.name);
    found.set(place.name, { path: place.path, node });
    forEachReference(node, (reference) => add(place.path, reference));
  };
  const { exported } = open(entry);
  for (const name of exported) add(entry, name);

  const texts = [...found.values()].map(({ node }) => render(node));
  const list = exported.map((name) => {
    const isType = ts.isInterfaceDeclaration(found.get(name).node);
    return isType || ts.isTypeAliasDeclaration(found.get(name).node) ? `type ${name}` : name;
  });
  // Node's own types ask for the first; `await using` needs the second.
  const libraries = ['es2020', 'esnext.disposable'];
  const head = libraries.map((name) => `/// <reference lib="${name}" />`).join('\n');
  return [head, ...texts, `export { ${list.join(', ')} };\n`].join('\n\n');
}

/** What a module declares, imports and exports, and which of it has no type written out. */
function readModule(path) {
  const source = readFileSync(path, 'utf8');
  const { outputText, diagnostics } = ts.transpileDeclaration(source, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023 },
  });
  const declared = new Map();
  const borrowed = new Map();
  const exported = [];
  const borrow = ({ elements }, { text }) => {
    for (const { name, propertyName } of elements) {
      const from = text.startsWith('.')
        ? { path: join(dirname(path), text.replace(/\.js$/, '.ts')) }
        : { module: text };
      borrowed.set(name.text, { ...from, name: (propertyName ?? name).text });
    }
  };
  for (const node of parse(path, outputText).statements) {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      if (bindings && ts.isNamedImports(bindings)) borrow(bindings, node.moduleSpecifier);
    } else if (ts.isExportDeclaration(node)) {
      if (node.exportClause && node.moduleSpecifier)
        borrow(node.exportClause, node.moduleSpecifier);
      for (const { name } of node.exportClause?.elements ?? []) exported.push(name.text);
    } else {
      const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      for (const name of namesOf(node)) {
        declared.set(name, node);
        if (isExported) exported.push(name);
      }
    }
  }
  const inferred = new Set();
  const statements = parse(path, source).statements;
  for (const { start } of diagnostics ?? []) {
    const at = statements.find(({ pos, end }) => pos <= start && start < end);
    for (const name of at ? namesOf(at) : []) inferred.add(name);
  }
  return { declared, borrowed, exported, inferred };
}

function parse(path, text) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  return statement.name ? [statement.name.text] : [];
}

/** Calls back for every type or value that a declaration names, but for members of such. */
function forEachReference(node, call) {
  const leftmost = (name) => (ts.isQualifiedName(name) ? leftmost(name.left) : name);
  if (ts.isTypeReferenceNode(node)) call(leftmost(node.typeName).text);
  if (ts.isTypeQueryNode(node)) call(leftmost(node.exprName).text);
  if (ts.isExpressionWithTypeArguments(node)) call(node.expression.getText());
  if (ts.isImportTypeNode(node)) throw new Error(`${node.getText()} is not imported by name`);
  ts.forEachChild(node, (child) => forEachReference(child, call));
}

function render(node) {
  const text = node.getSourceFile().text.slice(node.getStart(undefined, true), node.end);
  return text.replace(/^(\/\*\*[\s\S]*?\*\/\s*)?export /, '$1').replaceAll('    ', '  ');
}
