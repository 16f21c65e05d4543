import { createLineAt } from '../locate.js';
import type { AndroidModule } from '../model.js';
import { folderOf } from '../paths.js';
import { expressionAt, firstMatches, partsOf, withoutComments } from './code.js';
import type { Facts } from './facts.js';

const androidPlugin =
  /com\.android\.(application|library|dynamic-feature)\b|\blibs\.plugins\.(?:com\.)?android\.?(\w*)/i;
const signInLibrary =
  /play[-.]services[-.]auth\b(?![-.](?:api|phone|blockstore|base))|[:.]googleid\b|googleid:googleid/;

/** A client secret that the build puts into the app, unless its name says that another provider's it is. */
const secretField =
  /\b(?:buildConfigField|resValue)\b[^\n]{0,80}["'](?:\w*GOOGLE\w*|OAUTH_|WEB_)?_?CLIENT_SECRET["']/gi;

/** Reads a module's Gradle build for whether it makes an Android app, and under which IDs. */
export function readGradle(file: string, bytes: Buffer, facts: Facts): void {
  const code = withoutComments(bytes.toString('utf8'), 'c');
  const lineAt = createLineAt(code);
  const plugins = code
    .split('\n')
    // The outermost build names the plugin for its modules, and does not apply it.
    .filter((line) => !/\bapply\(?\s*false/.test(line))
    .flatMap((line) => androidPlugin.exec(line) ?? []);
  const use = signInLibrary.exec(code);
  if (use !== null) {
    facts.signInUses.push({ file, line: lineAt(use.index), what: 'play-services-auth' });
  }
  for (const call of firstMatches(code, /\b(buildConfigField|resValue)\b\s*/g)) {
    readGenerated(file, code, call, lineAt, facts);
  }
  for (const found of firstMatches(code, secretField)) {
    facts.sourceFacts.push({ file, line: lineAt(found.index), fact: 'sends-client-secret' });
  }
  const ids = idsIn(code, lineAt);
  // Only an app has an application ID, if its plugin is one of the repository's own.
  const isApp =
    plugins.some((plugin) => /application/i.test(plugin)) ||
    (ids.line !== null && /\bdefaultConfig\b/.test(code));
  if (plugins.length === 0 && !isApp) return;
  facts.filesChecked += 1;
  const readsServices = /google[-.]services\b/i.test(code);
  facts.androidModules.push({ file, folder: folderOf(file), isApp, readsServices, ...ids });
}

/** The application IDs that the builds of a module may have; those of a variant have a suffix. */
function idsIn(
  code: string,
  lineAt: (offset: number) => number,
): Pick<AndroidModule, 'ids' | 'flavours' | 'line' | 'isKnown'> {
  const bases: string[] = [];
  const flavours: string[] = [];
  const block = code.search(/\bproductFlavors\b/);
  const blockEnd = block < 0 ? block : block + expressionAt(code, block).length;
  let line: number | null = null;
  let isKnown = true;
  for (const found of firstMatches(code, /\bapplicationId\b\s*(?:=|\bset\b)?\s*\(?\s*/g)) {
    const text = expressionAt(code, found.index + found[0].length);
    const value = /^["']([\w.]+)["']$/.exec(text)?.[1];
    if (value === undefined) isKnown = false;
    else if (found.index > block && found.index < blockEnd) flavours.push(value);
    else bases.push(value);
    line ??= lineAt(found.index);
  }
  const suffixes = [...code.matchAll(/\bapplicationIdSuffix\b\s*=?\s*\(?\s*["']([\w.]+)["']/g)].map(
    ([, suffix = '']) => (suffix.startsWith('.') ? suffix : `.${suffix}`),
  );
  if (/\bapplicationIdSuffix\b(?!\s*=?\s*\(?\s*["'][\w.]+["'])/.test(code)) isKnown = false;
  const ids = new Set([...bases, ...flavours]);
  for (const _round of [1, 2]) {
    for (const id of [...ids].slice(0, 50)) for (const suffix of suffixes) ids.add(id + suffix);
  }
  return { ids: [...ids], flavours, line, isKnown: isKnown && ids.size > 0 };
}

/** Takes a string that the build makes: `buildConfigField("String", "WEB_ID", "\"…\"")`. */
function readGenerated(
  file: string,
  code: string,
  call: RegExpExecArray,
  lineAt: (offset: number) => number,
  facts: Facts,
): void {
  const start = call.index + call[0].length;
  const parts =
    code[start] === '('
      ? partsOf(code, start)
      : partsOf(
          `(${code
            .slice(start, start + 1_000)
            .split('\n', 1)
            .join('')})`,
          0,
        );
  const [, name, value] = parts.map(({ text }) => text);
  const literal = /^(["'])(.*)\1$/.exec(value ?? '')?.[2]?.replace(/\\"/g, '"');
  const inner = literal?.replace(/^"(.*)"$/, '$1');
  const key = /^["'](\w+)["']$/.exec(name ?? '')?.[1];
  if (key === undefined || inner === undefined || /[$+]|"/.test(inner)) return;
  const kind = call[1] === 'resValue' ? 'resource' : 'field';
  facts.strings.push({ file, line: lineAt(call.index), name: key, value: inner, kind });
}

const stringEntry = /<string\s([^<>]{0,500})>([^<]{0,1000})<\/string>/g;
const idName = /^(server_client_id|default_web_client_id|google_server_client_id|web_client_id)$/;

/** Reads an Android app's string resources for client IDs. */
export function readStrings(file: string, bytes: Buffer, facts: Facts): void {
  if (/(^|\/)src\/(\w*[tT]est\w*)\//.test(file)) return;
  const text = bytes.toString('utf8');
  if (!/client|google/i.test(text)) return;
  const code = withoutComments(text, 'xml');
  const lineAt = createLineAt(code);
  let read = false;
  for (const { 1: attributes = '', 2: written = '', index } of code.matchAll(stringEntry)) {
    const name = /(?:^|\s)name\s*=\s*["'](\w+)["']/.exec(attributes)?.[1];
    if (name === undefined) continue;
    if (!/client|google|server|web|oauth/i.test(name) && !written.includes('googleuser')) continue;
    // Android leaves out the blanks around a string that is not quoted.
    const value = written.trim().replace(/^"(.*)"$/, '$1');
    const isId = idName.test(name);
    if (isId) read = true;
    facts.strings.push({ file, line: lineAt(index), name, value, kind: isId ? 'id' : 'resource' });
  }
  if (read) facts.filesChecked += 1;
}

/** The Android module that a manifest shows by where it lies. */
export function moduleOfManifest(file: string): string {
  return folderOf(file).replace(/(^|\/)src\/\w+$/, '');
}
