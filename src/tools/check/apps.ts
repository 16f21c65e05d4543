import type { App, AppKind } from './model.js';

/** A folder that shows an app by a file in it. */
export interface Marker {
  folder: string;
  kind: AppKind;
}

/**
 * The apps of a tree. A folder of a cross-platform framework holds its native projects; among native
 * projects the outermost folder counts. Sorted, the innermost first.
 */
export function toApps(markers: readonly Marker[]): App[] {
  const cross = new Map<string, AppKind>();
  for (const { folder, kind } of markers) {
    if (kind !== 'native' && (!cross.has(folder) || kind === 'react-native')) {
      cross.set(folder, kind);
    }
  }
  const native = new Set<string>();
  const folders = markers.filter(({ kind }) => kind === 'native').map(({ folder }) => folder);
  for (const folder of folders.sort((one, other) => one.length - other.length)) {
    const held = [...cross.keys(), ...native].some((outer) => isInside(folder, outer));
    if (!held) native.add(folder);
  }
  const apps: App[] = [
    ...[...cross].map(([root, kind]) => ({ root, kind })),
    ...[...native].map((root): App => ({ root, kind: 'native' })),
  ];
  return apps.sort(
    (one, other) => other.root.length - one.root.length || (one.root < other.root ? -1 : 1),
  );
}

/** The app that a file belongs to; undefined where it belongs to none. */
export function appOf(apps: readonly App[], file: string): App | undefined {
  return apps.find(({ root }) => isInside(file, root));
}

/** Whether a path is a folder or lies below it. The empty folder holds everything. */
export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
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
 * The folder because of which a file is shipped with the app, such as `ios` or `lib`; undefined
 * where nothing says that it is. What lies in a server's or a tool's folder is not shipped.
 */
export function shippedBy(
  app: App,
  file: string,
  projectFolders: readonly string[],
): string | undefined {
  if (!isInside(file, app.root)) return undefined;
  const path = app.root === '' ? file : file.slice(app.root.length + 1);
  if (serverFolder.test(path)) return undefined;
  const project = projectFolders.find((folder) => folder !== app.root && isInside(file, folder));
  if (project !== undefined) return project;
  const [first = ''] = path.split('/');
  if (path.includes('/') && shippedFolders[app.kind].includes(first)) return join(app.root, first);
  const [outer = ''] = app.root.split('/').slice(-1);
  if (shippedFolders.native.includes(outer)) return app.root;
  const android = /^(.*\/)?src\/\w+\/(assets|res)\//.exec(path);
  return android === null ? undefined : join(app.root, android[0].slice(0, -1));
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
