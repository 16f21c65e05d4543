import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { invalidCredentials } from '../http/respond.js';
import type { DriveFile, DriveFolder } from '../state/drive-store.js';
import { driveSpaces } from '../state/scopes.js';
import type { LiveAccessToken } from '../state/state.js';
import { insufficientScopes } from './errors.js';

/** What a bearer of a good token may reach. */
export interface DriveAccess {
  readonly token: LiveAccessToken;
  readonly folder: DriveFolder;
  readonly spaces: ReturnType<typeof driveSpaces>;
}

/** Lets a request in, or answers 401 or 403. `method` is Google's name of what is called. */
export function openDrive(
  call: Call,
  parts: EmulatorParts,
  method: string,
): DriveAccess | Response {
  const token = call.accessToken;
  if (!token) return invalidCredentials();
  const spaces = driveSpaces(token.scopes);
  if (!spaces.appDataFolder && !spaces.drive) {
    return insufficientScopes(`google.apps.drive.v3.${method}`);
  }
  const folder = parts.state.drive.folder(token.user, token.client.project.number);
  return { token, folder, spaces };
}

/** Replaces the aliases of folders by their real ids. */
export function realId(id: string, folder: DriveFolder): string {
  if (id === 'appDataFolder' || id === 'appfolder') return folder.appFolderId;
  return id === 'root' ? folder.rootId : id;
}

/** Finds a file or one of the two folders that the token may see. */
export function findFile(id: string, { folder, spaces }: DriveAccess): DriveFile | undefined {
  const real = realId(id, folder);
  const file = builtIn(real, folder) ?? folder.files.get(real) ?? folder.all().get(real);
  return file && spaces[file.space] ? file : undefined;
}

/** Tells whether a file is one of the folders that nobody created. */
export function isBuiltIn({ id }: DriveFile, folder: DriveFolder): boolean {
  return id === folder.appFolderId || id === folder.rootId;
}

const FOLDERS_BORN = Date.parse('2024-11-02T09:15:20.000Z');

function builtIn(id: string, { appFolderId, rootId }: DriveFolder): DriveFile | undefined {
  if (id !== appFolderId && id !== rootId) return undefined;
  const space = id === rootId ? 'drive' : 'appDataFolder';
  return {
    id,
    name: space === 'drive' ? 'My Drive' : space,
    space,
    mimeType: 'application/vnd.google-apps.folder',
    parents: [],
    createdAt: FOLDERS_BORN,
    modifiedAt: FOLDERS_BORN,
    content: Buffer.alloc(0),
    extra: {},
    version: 1,
  };
}
