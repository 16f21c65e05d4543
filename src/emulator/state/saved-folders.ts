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

interface SavedFile {
  readonly id: string;
  readonly space: DriveFile['space'];
  readonly name: string;
  readonly mime_type: string;
  readonly parents: readonly string[];
  readonly created_at: number;
  readonly modified_at: number;
  /** base64; null where it follows from the name. */
  readonly content: string | null;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly version: number;
}

/** Writes out all files. */
export function saveFolders(drive: DriveStore): readonly SavedFolder[] {
  return [...drive.folders()].map(({ projectNumber, folder }) => ({
    user: folder.user.email,
    project: projectNumber,
    app_folder_id: folder.appFolderId,
    root_id: folder.rootId,
    crowd: folder.crowd,
    files: [...folder.files.values()].map(saveFile),
  }));
}

/** Puts the files back; those of a user that there is no more are left out. */
export function restoreFolders(
  saved: readonly SavedFolder[],
  { users, drive }: Pick<EmulatorState, 'users' | 'drive'>,
): void {
  for (const { user: email, project, app_folder_id, root_id, crowd, files } of saved) {
    const user = users.get(email);
    if (!user) continue;
    const ids = { appFolderId: app_folder_id, rootId: root_id };
    drive.restore(user, project, ids, crowd, files.map(restoreFile));
  }
}

function saveFile(file: DriveFile): SavedFile {
  return {
    id: file.id,
    space: file.space,
    name: file.name,
    mime_type: file.mimeType,
    parents: file.parents,
    created_at: file.createdAt,
    modified_at: file.modifiedAt,
    content: file.content?.toString('base64') ?? null,
    extra: file.extra,
    version: file.version,
  };
}

function restoreFile(file: SavedFile): DriveFile {
  return {
    id: file.id,
    space: file.space,
    name: file.name,
    mimeType: file.mime_type,
    parents: [...file.parents],
    createdAt: file.created_at,
    modifiedAt: file.modified_at,
    extra: file.extra,
    version: file.version,
    ...(file.content === null ? {} : { content: Buffer.from(file.content, 'base64') }),
  };
}
