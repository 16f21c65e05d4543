import type { XcodeTarget } from '../model.js';
import { folderOf, nameOf, resolvePath } from '../paths.js';
import { type Dictionary, isDictionary, type Node, parseOpenStep } from './openstep.js';
import type { BareLimit } from './version-limits.js';

/** What an Xcode project says. */
export interface XcodeProject {
  targets: Omit<XcodeTarget, 'app'>[];
  limits: BareLimit[];
}

/** A script of a build that changes Info.plist, or one that makes settings and is no pod's. */
const plistEditor =
  /PlistBuddy[^\n]{0,200}\b(?:Set|Add)\b|plutil\s+-(?:replace|insert)|CFBundleURLTypes|GIDClientID|(?<!Pods-[\w-]{1,100}\/[\w-]{0,100})(?:credential|secret|config|plist)[\w-]*\.(?:sh|py|rb|swift)\b/i;

/** Reads a `project.pbxproj`; undefined if it cannot be parsed. */
export function parseXcodeProject(file: string, text: string): XcodeProject | undefined {
  const objects = parseOpenStep(text)?.entries.get('objects');
  if (!isDictionary(objects)) return undefined;
  const folder = folderOf(folderOf(file));
  const of = (id: Node | undefined) => {
    const object = typeof id === 'string' ? objects.entries.get(id) : undefined;
    return isDictionary(object) ? object : undefined;
  };
  const all = [...objects.entries.values()].filter(isDictionary);
  const ofKind = (...kinds: string[]) => all.filter((each) => kinds.includes(textOf(each, 'isa')));
  const pathOf = createPathOf(objects, folder);

  const [project] = ofKind('PBXProject');
  const shared = configurationsOf(project, of);
  const copies = ofKind('PBXShellScriptBuildPhase').some((phase) =>
    textOf(phase, 'shellScript').includes('GoogleService'),
  );
  const everyFile = ofKind('PBXBuildFile').map((each) => textOf(each, 'fileRef'));
  const targets = ofKind('PBXNativeTarget').map((target): Omit<XcodeTarget, 'app'> => {
    const name = textOf(target, 'name');
    const configurations = configurationsOf(target, of);
    const settings: XcodeTarget['settings'] = new Map();
    for (const { entries, lines, name: build } of [...configurations, ...shared]) {
      for (const [key, value] of entries) {
        if (typeof value !== 'string') continue;
        const found = { value, file, line: lines.get(key) ?? null, build };
        const values = settings.get(key);
        if (values === undefined) settings.set(key, [found]);
        else if (configurations.some((each) => each.entries === entries)) values.push(found);
      }
    }
    const phases = listOf(target, 'buildPhases').flatMap((id) => of(id) ?? []);
    const listed =
      phases.length === 0
        ? everyFile
        : phases.flatMap((phase) =>
            listOf(phase, 'files').flatMap((id) => {
              const build = of(id);
              return build === undefined ? [] : [textOf(build, 'fileRef')];
            }),
          );
    const scripts = phases.map((phase) => textOf(phase, 'shellScript')).join('\n');
    const isOpen = copies || listOf(target, 'fileSystemSynchronizedGroups').length > 0;
    const values = (key: string) => (settings.get(key) ?? []).map(({ value }) => value);
    const paths = (key: string) =>
      [...new Set(values(key))].map((path) => filled(path, name, folder));
    const type = textOf(target, 'productType');
    return {
      file,
      line: settings.get('GENERATE_INFOPLIST_FILE')?.[0]?.line ?? null,
      name,
      isApp: /^com\.apple\.product-type\.application$/.test(type),
      platform: platformOf(settings),
      infoPlists: paths('INFOPLIST_FILE'),
      generated: values('GENERATE_INFOPLIST_FILE').some((value) => value === 'YES'),
      entitlements: paths('CODE_SIGN_ENTITLEMENTS'),
      settings,
      editsPlist: plistEditor.test(scripts),
      resources: isOpen ? undefined : new Set(listed.flatMap((id) => pathOf(id) ?? [])),
    };
  });
  const limits = ofKind('XCRemoteSwiftPackageReference').flatMap((reference) => limitOf(reference));
  return { targets, limits };
}

function textOf(dictionary: Dictionary | undefined, key: string): string {
  const value = dictionary?.entries.get(key);
  return typeof value === 'string' ? value : '';
}

function listOf(dictionary: Dictionary, key: string): string[] {
  const list = dictionary.entries.get(key);
  return Array.isArray(list)
    ? (list as readonly Node[]).filter((each): each is string => typeof each === 'string')
    : [];
}

function configurationsOf(
  owner: Dictionary | undefined,
  of: (id: Node | undefined) => Dictionary | undefined,
): (Dictionary & { name: string })[] {
  const list = of(owner?.entries.get('buildConfigurationList'));
  if (list === undefined) return [];
  return listOf(list, 'buildConfigurations').flatMap((id) => {
    const settings = of(id)?.entries.get('buildSettings');
    return isDictionary(settings) ? [{ ...settings, name: textOf(of(id), 'name') }] : [];
  });
}

/** Tells where a file of a project lies, by the groups around it. */
function createPathOf(objects: Dictionary, folder: string): (id: string) => string | undefined {
  const parents = new Map<string, string>();
  for (const [id, object] of objects.entries) {
    if (!isDictionary(object)) continue;
    for (const child of listOf(object, 'children')) parents.set(child, id);
  }
  return (id) => {
    let path = '';
    for (let at: string | undefined = id, depth = 0; at !== undefined && depth < 64; depth += 1) {
      const object = objects.entries.get(at);
      if (!isDictionary(object)) return undefined;
      const own = textOf(object, 'path');
      if (own !== '') path = path === '' ? own : `${own}/${path}`;
      if (textOf(object, 'sourceTree') === 'SOURCE_ROOT') break;
      at = parents.get(at);
    }
    return path === '' ? undefined : resolvePath(folder, path);
  };
}

/** A path in build settings, from the checked folder on; it keeps the variables that are not known. */
function filled(path: string, target: string, folder: string): string {
  const relative = path
    .replace(/\$[({](?:SRCROOT|PROJECT_DIR|SOURCE_ROOT)[)}]\/?/g, '')
    .replace(/\$[({](?:TARGET_NAME|TARGETNAME|PRODUCT_NAME)(?::\w+)?[)}]/g, target);
  return resolvePath(folder, relative);
}

function platformOf(settings: ReadonlyMap<string, { value: string }[]>): XcodeTarget['platform'] {
  const roots = (settings.get('SDKROOT') ?? []).map(({ value }) => value);
  const supported = (settings.get('SUPPORTED_PLATFORMS') ?? []).map(({ value }) => value).join(' ');
  if (/iphoneos/.test(supported) || roots.includes('iphoneos')) return 'ios';
  if (roots.some((root) => /^(appletvos|watchos|xros)/.test(root))) return 'other';
  if (roots.includes('macosx') || /macosx/.test(supported)) return 'macos';
  if (settings.has('TVOS_DEPLOYMENT_TARGET') && !settings.has('IPHONEOS_DEPLOYMENT_TARGET')) {
    return 'other';
  }
  return 'ios';
}

function limitOf(reference: Dictionary): BareLimit[] {
  const requirement = reference.entries.get('requirement');
  if (!isDictionary(requirement)) return [];
  const kind = textOf(requirement, 'kind');
  const version = textOf(requirement, kind === 'exactVersion' ? 'version' : 'minimumVersion');
  const name = nameOf(textOf(reference, 'repositoryURL').replace(/(\.git)?\/?$/i, ''));
  const line = reference.lines.get('requirement') ?? null;
  return [{ name, line, kind, version, most: textOf(requirement, 'maximumVersion') }];
}
