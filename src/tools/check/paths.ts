/** The folder of a path; empty for what lies in the checked folder itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What follows the last dot of a path; all of it if there is none. */
export function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** The path of something inside a folder. */
export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** What is left of a path below a folder that holds it. */
export function below(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** The folders that hold a path: the innermost first, the checked folder (empty) last. */
export function foldersAround(path: string): string[] {
  const folders: string[] = [];
  for (let folder = path; folder !== ''; folders.push(folder)) folder = folderOf(folder);
  return folders;
}

/** A path relative to a folder, without `.` and `..`. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of join(folder, path).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
