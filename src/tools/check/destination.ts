import { type Apps, appOf, shippedBy } from './apps.js';
import type { App, OfApp, Project, SecretLiteral } from './model.js';
import { below, endingOf, folderOf, foldersAround } from './paths.js';
import { ownOf } from './scope.js';

/** Where what a file holds ends up: in the app that people install, in a test or an example, or elsewhere. */
export type Destination = 'app' | 'example' | 'elsewhere';

const serverFolder = /(^|\/)(servers?|backend|api|functions|cloud|scripts|tools|infra|deploy)\//i;
const exampleFolder =
  /(^|\/)(docs?|examples?|samples?|tests?|specs?|testdata|__tests__|__mocks__|mocks?|fixtures?|e2e|integration_test)\//i;
/** `SampleTests`, `androidTest`, `testDebug`; with any case, `latest` would be one, too. */
const testFolder = /(^|\/)(\w*Tests?|\w+tests|test[A-Z]\w*)\//;
const exampleName =
  /[._-](test|spec|example|sample|template|dist)(\.\w+)?$|(^|\/)test_[^/]*$|Tests?\.\w+$/;

const appleEndings = new Set(['swift', 'm', 'mm', 'h', 'dart', 'plist', 'xcconfig']);
const scriptEndings = new Set(['js', 'jsx', 'ts', 'tsx', 'mjs', 'vue']);
const androidEndings = new Set(['kt', 'java', 'kts', 'gradle', 'properties', 'xml']);

/**
 * Whether a source file is an app's own, by its path: no server's, no test's, no tool's. What a
 * folder of an app is called says nothing. Scripts are an app's only if it is built from scripts.
 */
export function isAppSource(apps: Apps, file: string, appFolders: ReadonlySet<string>): boolean {
  const app = appOf(apps, file);
  if (app === undefined || !isOwnPath(belowApp(app, file, appFolders))) return false;
  return !scriptEndings.has(endingOf(file)) || isScripted(app);
}

/** Whether a file is one of environment variables, such as `.env`, `.env.local` or `production.env`. */
export function isEnvironment({ file }: Pick<SecretLiteral, 'file'>): boolean {
  return /(^|\/)\.env(\.[^/]+)?$|\.env$/.test(file);
}

/**
 * Tells where a secret in a file ends up. It goes by folders, names and the libraries and prefixes
 * that are known to build in variables; it knows no build: what a build script copies from elsewhere
 * into the app is not seen.
 */
export function destinationOf(project: Project, literal: SecretLiteral): Destination {
  if (isShipped(project, literal)) return 'app';
  const path = withoutPackage(literal.file);
  const isExample = [exampleFolder, testFolder, exampleName].some((shape) => shape.test(path));
  if (isExample) return 'example';
  return isBuiltIn(project, literal) ? 'app' : 'elsewhere';
}

/** Whether a variable ends up in what is shipped, by its name or by the file that it stands in. */
export function isBuiltIn({ bundledEnvironments }: Project, literal: SecretLiteral): boolean {
  if (literal.publicName !== undefined) return true;
  return isEnvironment(literal) && bundledEnvironments.has(folderOf(literal.file));
}

/** Whether there is an app at all: the checked folder counts as one only where a file shows it. */
export function isApp(project: Project, app: App): boolean {
  const { infoPlists, clientPlists, googleServices, pins, signInUses } = project;
  return (
    app.kind !== 'native' ||
    [infoPlists, clientPlists, googleServices, pins, signInUses].some(
      (facts: readonly OfApp[]) => ownOf(app, facts).length > 0,
    )
  );
}

function isShipped(project: Project, literal: SecretLiteral): boolean {
  const { file } = literal;
  const ending = endingOf(file);
  const app = appOf(project.apps, file);
  if (app === undefined) return false;
  if (/(^|\/)(capacitor\.config\.\w+|app(\.config)?\.(json|[jt]s))$/.test(file)) {
    return isScripted(app);
  }
  if (scriptEndings.has(ending)) return isAppSource(project.apps, file, project.appFolders);
  if (appleEndings.has(ending)) return isOwnPath(belowApp(app, file, project.appFolders));
  if (androidEndings.has(ending)) return isOfAndroid(project, app, literal, ending);
  return isApp(project, app) && shippedBy(app, file, project.appFolders) !== undefined;
}

/** A path within an app's own folder. An app may be called Sample, and so its folder. */
function belowApp(app: App, file: string, appFolders: ReadonlySet<string>): string {
  const folder = foldersAround(file).find((each) => each !== '' && appFolders.has(each));
  return below(folder ?? app.root, file);
}

function isOfAndroid(
  { androidModules, gradleFolders }: Project,
  app: App,
  { file, usesAndroid }: SecretLiteral,
  ending: string,
): boolean {
  const module = foldersAround(file).find((folder) => androidModules.has(folder));
  if (module !== undefined) return isOwnPath(below(module, file));
  if (!isOwnPath(below(app.root, file))) return false;
  if (ending === 'xml') return /(^|\/)res\/[^/]+\/[^/]+$/.test(file);
  if (ending === 'kt' || ending === 'java') {
    return usesAndroid || app.root !== '' || app.kind !== 'native';
  }
  // Settings that are a server's own have this name.
  return !/(^|\/)application[^/]*\.properties$/.test(file) && gradleFolders.has(folderOf(file));
}

function isOwnPath(path: string): boolean {
  const plain = withoutPackage(path);
  return (
    ![serverFolder, exampleFolder, testFolder].some((shape) => shape.test(plain)) &&
    !/\.(test|spec|d|min)\.\w+$|^[^/]+\.config\.\w+$/.test(path)
  );
}

/** Leaves a package's folders out: those of `com.example.api` say nothing of what the file is for. */
function withoutPackage(path: string): string {
  return path.replace(/((?:^|\/)src\/\w+\/(?:java|kotlin))\/.*\/(?=[^/]+$)/, '$1/');
}

function isScripted({ kind }: App): boolean {
  return kind !== 'native' && kind !== 'flutter';
}
