import { renamed, toCamelCase, toSnakeCase } from '../names.js';
import type { DriveFile, DriveStore } from './drive-store.js';
import type { EmulatorState } from './state.js';

/** The files of one user in one project, as plain data. */
export interface SavedFolder {
  readonly user: string;
  readonly project: string;
  readonly app_folder_id: string;
  readonly root_id: string;
  /** How many seeded files nobody has looked at yet. */
  readonly crowd: number;
  readonly files: readonly SavedFile[];
}

/** A {@link DriveFile} under other names; its content in base64, null where it follows from the name. */
interface SavedFile {
  readonly parents: readonly string[];
  readonly content: string | null;
}

/** Writes out all files. */
export function saveFolders(drive: DriveStore): readonly SavedFolder[] {
  return [...drive.folders()].map(({ projectNumber, folder }) => ({
    user: folder.user.email,
    project: projectNumber,
    app_folder_id: folder.appFolderId,
    root_id: folder.rootId,
    crowd: folder.crowd,
    files: [...folder.files.values()].map(({ content, parents, ...file }) => ({
      ...renamed(file, toSnakeCase),
      parents,
      content: content?.toString('base64') ?? null,
    })),
  }));
}

/** Puts the files back; those of a user that there is no more are left out. */
export function restoreFolders(saved: readonly SavedFolder[], state: EmulatorState): void {
  for (const { user: email, project, app_folder_id, root_id, crowd, files } of saved) {
    const user = state.findAccount(email);
    if (!user) continue;
    const ids = { appFolderId: app_folder_id, rootId: root_id };
    state.drive.restore(user, project, ids, crowd, files.map(restoreFile));
  }
}

function restoreFile({ content, parents, ...file }: SavedFile): DriveFile {
  return {
    ...(renamed(file, toCamelCase) as unknown as Omit<DriveFile, 'content' | 'parents'>),
    parents: [...parents],
    ...(content === null ? {} : { content: Buffer.from(content, 'base64') }),
  };
}
