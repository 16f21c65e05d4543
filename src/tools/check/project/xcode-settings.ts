import { createLineAt } from '../locate.js';
import type { XcodeTarget } from '../model.js';
import { folderOf, resolvePath } from '../paths.js';
import { expressionAt, partsOf, withoutComments } from './code.js';
import type { Facts } from './facts.js';
import { packageLimits } from './version-limits.js';
import { yamlEntries } from './yaml-lines.js';

/** Reads an `.xcconfig` for its settings. */
export function readXcconfig(file: string, bytes: Buffer, facts: Facts): void {
  // A URL in it is written `https:/$()/`, since // begins a comment.
  const text = bytes.toString('utf8');
  const lineAt = createLineAt(text);
  const setting = /^[ \t]*([A-Za-z_]\w*)(?:\[[^\]\n]*\])*[ \t]*=[ \t]*([^\n]*)/gm;
  for (const { index, 1: name = '', 2: written = '' } of text.matchAll(setting)) {
    const value = written.replace(/\s*\/\/.*$/, '').replace(/;?\s*$/, '');
    facts.buildSettings.push({ file, line: lineAt(index), name, value });
  }
}

/** Reads XcodeGen's `project.yml` for its targets and what it writes into their Info.plist. */
export function readXcodeGen(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (!/^targets:/m.test(text)) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'native' });
  const folder = folderOf(file);
  const targets = new Map<string, Omit<XcodeTarget, 'app'>>();
  const schemes: { value: string; line: number }[] = [];
  const values = new Map<string, Record<string, unknown>>();
  const keyLines = new Map<string, Map<string, number>>();
  for (const { path, value, line } of yamlEntries(text)) {
    const [top, name = '', ...rest] = path;
    if (top === 'packages' && /GoogleSignIn|google-signin/i.test(text)) {
      readPackage(file, name, rest, value, line, facts);
    }
    if (top !== 'targets' || name === '') continue;
    const target = targets.get(name) ?? emptyTarget(file, name, line);
    targets.set(name, target);
    const key = rest.join('.');
    const last = rest.at(-1) ?? '';
    if (key === 'type') target.isApp = value === 'application';
    else if (key === 'platform')
      target.platform = /macos/i.test(value) ? 'macos' : /ios|auto/i.test(value) ? 'ios' : 'other';
    else if (key === 'info.path' || last === 'INFOPLIST_FILE') {
      target.infoPlists = [resolvePath(folder, value)];
      if (key === 'info.path') values.set(name, values.get(name) ?? {});
    } else if (key === 'entitlements.path' || last === 'CODE_SIGN_ENTITLEMENTS') {
      target.entitlements = [resolvePath(folder, value)];
    } else if (key.startsWith('info.properties.')) {
      const property = rest[2] ?? '';
      const own = values.get(name) ?? {};
      if (property === 'CFBundleURLTypes') {
        if (rest.includes('CFBundleURLSchemes')) {
          for (const each of value.replace(/^\[|\]$/g, '').split(',')) {
            schemes.push({ value: each.trim().replace(/^["']|["']$/g, ''), line });
          }
        }
        own[property] = [{ CFBundleURLSchemes: schemes.map((each) => each.value) }];
      } else if (rest.length === 3) own[property] = value;
      values.set(name, own);
      const lines = keyLines.get(name) ?? new Map<string, number>();
      if (!lines.has(property)) lines.set(property, line);
      keyLines.set(name, lines);
    } else if (rest[0] === 'settings') {
      target.settings.set(last, [{ file, line, value }]);
      if (last === 'GENERATE_INFOPLIST_FILE' && /^(yes|true)$/i.test(value))
        target.generated = true;
    }
  }
  for (const [name, target] of targets) {
    const own = values.get(name);
    if (own !== undefined) {
      // XcodeGen writes this plist anew: what stands in the file on disk does not count.
      target.infoPlists = [`${file}#${name}`];
      const texts = new Map(schemes.map(({ value, line }) => [value, line]));
      facts.generatedPlists.push({
        file,
        key: `${file}#${name}`,
        isApp: target.isApp,
        values: own,
        lines: { keys: keyLines.get(name) ?? new Map(), texts },
      });
    }
    facts.xcodeTargets.push(target);
  }
}

function readPackage(
  file: string,
  name: string,
  rest: readonly string[],
  value: string,
  line: number,
  facts: Facts,
): void {
  const kinds: Readonly<Record<string, string>> = {
    from: 'upToNextMajorVersion',
    majorVersion: 'upToNextMajorVersion',
    minorVersion: 'upToNextMinorVersion',
    exactVersion: 'exactVersion',
    version: 'exactVersion',
  };
  const kind = kinds[rest[0] ?? ''];
  if (kind !== undefined) {
    facts.limits.push({ file, line, name, kind, version: value, most: '' });
  } else if (rest[0] === 'url' && /google\/GoogleSignIn/i.test(value)) {
    facts.signInUses.push({ file, line, what: 'GoogleSignIn' });
  }
}

/** Reads Tuist's `Project.swift` for what it writes into an Info.plist, and for its packages. */
export function readTuist(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (!/ProjectDescription/.test(text)) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'native' });
  const code = withoutComments(text, 'c');
  facts.sources.push({ file, code });
  const lineAt = createLineAt(code);
  for (const limit of packageLimits(code, lineAt)) facts.limits.push({ file, ...limit });
  const use = code.search(/GoogleSignIn/);
  if (use >= 0) facts.signInUses.push({ file, line: lineAt(use), what: 'GoogleSignIn' });
  const info = /\.(?:extendingDefault|dictionary)\s*\(\s*with:\s*(?=\[)/.exec(code);
  if (info === null) return;
  const values: Record<string, unknown> = {};
  const keys = new Map<string, number>();
  const texts = new Map<string, number>();
  for (const { name, text: written, offset } of partsOf(code, info.index + info[0].length)) {
    if (name === undefined) continue;
    keys.set(name, lineAt(offset));
    if (name !== 'CFBundleURLTypes') {
      values[name] = /^"([^"\\]*)"$/.exec(written)?.[1] ?? `\${${written.slice(0, 100)}}`;
      continue;
    }
    const list = /CFBundleURLSchemes"\s*:\s*/.exec(written);
    const schemes: string[] = [];
    const from = offset + (list?.index ?? 0) + (list?.[0].length ?? 0);
    for (const part of list === null ? [] : partsOf(code, code.indexOf('[', from))) {
      const scheme =
        /^"([^"\\]*)"$/.exec(part.text)?.[1] ?? `\${${expressionAt(code, part.offset)}}`;
      schemes.push(scheme);
      texts.set(scheme, lineAt(part.offset));
    }
    values[name] = [{ CFBundleURLSchemes: schemes }];
  }
  const target = emptyTarget(file, 'Tuist', null);
  target.isApp = true;
  target.infoPlists = [`${file}#Tuist`];
  facts.xcodeTargets.push(target);
  const lines = { keys, texts };
  facts.generatedPlists.push({ file, key: `${file}#Tuist`, isApp: true, values, lines });
}

function emptyTarget(file: string, name: string, line: number | null): Omit<XcodeTarget, 'app'> {
  return {
    ...{ file, name, line, isApp: false, platform: 'ios', infoPlists: [], generated: false },
    ...{ entitlements: [], settings: new Map(), editsPlist: false, resources: undefined },
  };
}

/** Reads entitlements for whether the keychain and the network are open to the app. */
export function readEntitlements(file: string, bytes: Buffer, facts: Facts): void {
  facts.entitlements.push({
    file,
    text: bytes.toString('utf8').replace(/<!--[\s\S]*?(?:-->|$)/g, ''),
  });
}
