import { folderOf, foldersAround, join, nameOf } from './paths.js';

/** Folders of tests: what lies there ships nowhere. */
const tests =
  /^(tests?|specs?|testdata|(test-?)?fixtures|__tests__|__mocks__|mocks?|e2e|integration_tests?|\w+Tests?|\w+-tests?|androidTest|test[A-Z]\w*)$/;

/** Folders of samples, templates, documentation and what scripts copy from, if they are not part of a program's source. */
const samples =
  /^([Dd]ocs?|[Dd]ocumentation|[Ee]xamples?|[Dd]emos?|[Ss]amples?|[Tt]emplates?|[Ss]nippets|[Ii]nstall|ci_scripts|[Ss]tubs?|[Dd]umm(y|ies))$/;
const sourceFolder = /(^|\/)(src|lib|app|Sources)(\/|$)/;

/** What tools copy or build from an app's source. */
const copies =
  /(^|\/)(dist|out|\.output|ios\/[^/]+\/[^/]+\/(public|www)|android\/[^/]+\/src\/main\/assets|platforms\/(ios|android)|web-build|storybook-static)\//;
const copiedNames =
  /(^|\/)ios\/[^/]+\/[^/]+\/(capacitor\.config\.json|config\.xml)$|(^|\/)android\/[^/]+\/src\/main\/res\/xml\/config\.xml$/;

/** Google's files, and an app's own with its IDs, as a template has them: nothing reads them by that name. */
const templates =
  /[._-](example|sample|template|dist)\.(json|plist)$|(\.|(secret|config|key|credential|env|constant|setting)\w*[_-])(example|sample|template)\.\w+$/i;

/**
 * Tells which files are no part of an app that ships: tests, samples, templates, documentation and
 * what tools copied. A folder that an Xcode project is named after is the app's own, whatever it is
 * called.
 */
export function createIsLeftOut(
  folders: readonly string[],
  files: readonly string[],
): (file: string) => boolean {
  const all = new Set(folders);
  const libraries = librariesIn(folders, files);
  const named = foldersOfApps(folders, files);
  const known = new Map<string, boolean>();
  const isOther = (folder: string): boolean => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const name = nameOf(folder);
    const outer = folder.slice(0, -name.length);
    // The parts of a package's name say nothing of what a file is for.
    const isName = /(^|\/)src\/\w+\/(java|kotlin)\//.test(outer);
    const isSample = samples.test(name) && !sourceFolder.test(outer);
    const other = !named.has(folder) && !isName && (tests.test(name) || isSample);
    known.set(folder, other);
    return other;
  };
  const isBuilt = (file: string) => {
    if (copies.test(file) || copiedNames.test(file)) return true;
    // `www` is Cordova's own source, unless something is built into it.
    const web = /(^|\/)www\//.exec(file);
    if (web === null) return false;
    const root = file.slice(0, web.index + (web[1] ?? '').length);
    return all.has(`${root}src`) || all.has(`${root}app`);
  };
  return (file) =>
    isBuilt(file) ||
    templates.test(file) ||
    libraries.test(file) ||
    foldersAround(file).some((each) => each !== file && isOther(each));
}

/**
 * The folders that are an app's own, whatever they are called: an app may be called Sample. An Xcode
 * project beside it has its name, or its Info.plist lies in it.
 */
export function foldersOfApps(
  folders: readonly string[],
  files: readonly string[],
): ReadonlySet<string> {
  const projects = folders.filter((folder) => /\.(xcodeproj|xcworkspace)$/.test(folder));
  return new Set([
    ...projects.map((folder) => folder.replace(/\.\w+$/, '')),
    ...files.filter((file) => /^[A-Z]\w+\/Info\.plist$/.test(file)).map((file) => folderOf(file)),
  ]);
}

/** What lies in a library and not in an app: a plugin's native parts, a Swift package's own pins. */
function librariesIn(
  folders: readonly string[],
  files: readonly string[],
): { test(file: string): boolean } {
  const isApp = new Set(
    folders.filter((folder) => folder.endsWith('.xcodeproj')).map((folder) => folderOf(folder)),
  );
  const known = new Set(files);
  const plugins = files
    .filter((file) => file.endsWith('.podspec') && known.has(join(folderOf(file), 'package.json')))
    .map((file) => folderOf(file))
    .filter((folder) => !known.has(join(folder, 'app.json')));
  const packages = files
    .filter((file) => nameOf(file) === 'Package.swift')
    .map((file) => folderOf(file))
    .filter((folder) => !isApp.has(folder));
  const left = new Set([
    ...plugins.flatMap((folder) => ['ios', 'android'].map((name) => join(folder, name))),
  ]);
  const pins = new Set(packages.map((folder) => join(folder, 'Package.resolved')));
  return {
    test: (file) => pins.has(file) || foldersAround(file).some((folder) => left.has(folder)),
  };
}
