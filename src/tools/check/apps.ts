import type { App, AppKind } from './model.js';
import { below, foldersAround, join, nameOf } from './paths.js';

/** Apps by their folders. */
export type Apps = ReadonlyMap<string, App>;

/**
 * The apps of a tree. A folder of a cross-platform framework holds its native projects; among native
 * projects the outermost folder counts. Sorted, the innermost first.
 */
export function toApps(markers: readonly App[]): Apps {
  const apps = new Map<string, App>();
  for (const marker of markers) {
    const isFirst = !apps.has(marker.root) || marker.kind === 'react-native';
    if (marker.kind !== 'native' && isFirst) apps.set(marker.root, marker);
  }
  const native = markers.filter(({ kind }) => kind === 'native');
  for (const marker of native.sort((one, other) => one.root.length - other.root.length)) {
    const { root } = marker;
    if (![root, ...foldersAround(root)].some((outer) => apps.has(outer))) apps.set(root, marker);
  }
  const sorted = [...apps].sort(
    ([one], [other]) => other.length - one.length || (one < other ? -1 : 1),
  );
  return new Map(sorted);
}

/** The app that a file belongs to; undefined if it belongs to none. */
export function appOf(apps: Apps, file: string): App | undefined {
  const root = foldersAround(file).find((folder) => apps.has(folder));
  return root === undefined ? undefined : apps.get(root);
}

/** Folders that go into what people install, by what the app is built with. */
const shippedFolders: Readonly<Record<AppKind, readonly string[]>> = {
  native: ['ios', 'android', 'macos', 'lib', 'www', 'assets', 'Resources'],
  flutter: ['ios', 'android', 'macos', 'lib', 'assets', 'web'],
  'react-native': ['ios', 'android', 'src', 'app', 'assets', 'lib', 'components', 'public'],
  capacitor: ['ios', 'android', 'src', 'app', 'www', 'public', 'assets', 'dist'],
  cordova: ['www', 'src', 'platforms', 'assets'],
};

const serverFolder =
  /(^|\/)(server|servers|backend|api|functions|cloud|scripts|tools|infra|deploy|tests?|__tests__|e2e|docs?)\//i;

/**
 * The folder because of which a file of an app is shipped with it, such as `ios` or `lib`; undefined
 * if nothing says that it is. What lies in a server's or a tool's folder is not shipped.
 */
export function shippedBy(
  app: App,
  file: string,
  projectFolders: ReadonlySet<string>,
): string | undefined {
  const path = below(app.root, file);
  if (serverFolder.test(path)) return undefined;
  const project = foldersAround(file).find(
    (folder) => folder !== app.root && projectFolders.has(folder),
  );
  if (project !== undefined) return project;
  const [first = ''] = path.split('/', 1);
  if (path.includes('/') && shippedFolders[app.kind].includes(first)) return join(app.root, first);
  if (shippedFolders.native.includes(nameOf(app.root))) return app.root;
  const android = /^(.*\/)?src\/\w+\/(assets|res)\//.exec(path);
  return android === null ? undefined : join(app.root, android[0].slice(0, -1));
}
