import type { Context, Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { rootsFor } from '../http/google-hosts.js';
import { apiJson } from '../http/respond.js';
import type { DriveFile, DriveFolder } from '../state/drive-store.js';
import { type DriveAccess, findFile, isBuiltIn, openDrive } from './access.js';
import { createDriveDiscovery } from './discovery.js';
import { downloadFile } from './download.js';
import { badRequest, fileNotFound, invalidParameter, notForAppData } from './errors.js';
import { FieldMaskError, project, readMask } from './fields.js';
import { driveUser } from './file-fields.js';
import { listFiles, usedBytes } from './list.js';
import { DriveQueryError } from './query.js';
import { toFileResource } from './resource.js';
import { UploadSessions } from './resumable.js';
import { uploadFile } from './upload.js';

type Handler = (call: Call, access: DriveAccess) => Response;
type FileHandler = (call: Call, access: DriveAccess, file: DriveFile) => Response;

const FILES = '/drive/v3/files';
const FILE = `${FILES}/:fileId`;

/**
 * Adds Drive v3 as far as the application data folder needs it. Sharing, trashing and moving are
 * refused as Drive refuses them there.
 * @see https://developers.google.com/workspace/drive/api/reference/rest/v3
 */
export function addDriveEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  const guarded =
    (method: string, handler: (c: Context<EmulatorEnv>, access: DriveAccess) => Response) =>
    (c: Context<EmulatorEnv>) => {
      const access = openDrive(c.env.call, parts, method);
      return access instanceof Response ? access : orInvalid(() => handler(c, access));
    };
  const onDrive = (method: string, handler: Handler) =>
    guarded(method, (c, access) => handler(c.env.call, access));
  const onFile = (method: string, handler: FileHandler) =>
    guarded(method, (c, access) => {
      const id = c.req.param('fileId') ?? '';
      const file = findFile(id, access);
      return file ? handler(c.env.call, access, file) : fileNotFound(id);
    });
  const uploads = new UploadSessions(parts);
  const upload = (call: Call, access: DriveAccess, file?: DriveFile) =>
    UploadSessions.wants(call) ? uploads.start(call, access, file) : uploadFile(call, access, file);
  const create = onDrive('DriveFiles.Create', upload);
  const update = onFile('DriveFiles.Update', upload);
  for (const path of [`/upload${FILES}`, `/upload${FILE}`]) {
    app.on(['PUT', 'POST', 'PATCH'], path, async (c, next) => {
      // The address of a session is its own permission; clients need not send the token again.
      const { call } = c.env;
      if (call.query.has('upload_id')) return orInvalid(() => uploads.proceed(call));
      return next();
    });
  }
  app.get(FILES, onDrive('DriveFiles.List', listFiles));
  app.get(`${FILES}/generateIds`, onDrive('DriveFiles.GenerateIds', generateIds));
  app.get(FILE, onFile('DriveFiles.Get', getFile));
  app.post(FILES, create);
  app.post(`/upload${FILES}`, create);
  app.patch(FILE, update);
  app.patch(`/upload${FILE}`, update);
  app.delete(FILE, onFile('DriveFiles.Delete', deleteFile));
  app.all(`${FILE}/:rest{permissions|copy|export}`, onFile('DriveFiles.Copy', notForAppData));
  app.get('/drive/v3/about', onDrive('DriveAbout.Get', about));
  for (const path of ['/discovery/v1/apis/drive/v3/rest', '/$discovery/rest']) {
    app.get(path, (c) => apiJson(createDriveDiscovery(rootsFor(c.env.call, parts.origin()).apis)));
  }
}

/** Answers, or refuses the parameter that cannot be understood. */
function orInvalid(answer: () => Response): Response {
  try {
    return answer();
  } catch (error) {
    if (error instanceof FieldMaskError) return invalidParameter('fields', error.message);
    if (error instanceof DriveQueryError) return invalidParameter(error.parameter);
    throw error;
  }
}

function getFile(call: Call, { folder }: DriveAccess, file: DriveFile): Response {
  if (call.query.get('alt') === 'media') return downloadFile(call, file);
  return apiJson(toFileResource(file, folder, readMask(call.query, 'file')));
}

function deleteFile(_call: Call, { folder }: DriveAccess, file: DriveFile): Response {
  if (isBuiltIn(file, folder)) return notForAppData();
  removeWithin(file.id, folder);
  return new Response(null, { status: 204 });
}

/** Removes a file; with a folder goes whatever lies in it. */
function removeWithin(id: string, folder: DriveFolder): void {
  const inside = new Map<string, string[]>();
  for (const { id: inner, parents } of folder.files.values()) {
    for (const parent of parents) {
      const siblings = inside.get(parent) ?? [];
      siblings.push(inner);
      inside.set(parent, siblings);
    }
  }
  const leaving = new Set([id]);
  for (const one of leaving) {
    folder.remove(one);
    for (const inner of inside.get(one) ?? []) leaving.add(inner);
  }
}

function generateIds({ query }: Call, { folder }: DriveAccess): Response {
  const count = Number(query.get('count') ?? '10');
  if (!Number.isInteger(count) || count < 1 || count > 1000) return invalidParameter('count');
  const space = query.get('space') ?? 'drive';
  const ids = Array.from({ length: count }, () => folder.newId());
  return apiJson({ kind: 'drive#generatedIds', space, ids });
}

function about({ query }: Call, { folder }: DriveAccess): Response {
  const mask = readMask(query, 'about');
  if (!mask) {
    return badRequest("The 'fields' parameter is required for this method.", 'required');
  }
  const usage = String(usedBytes(folder));
  const body = {
    kind: 'drive#about',
    user: driveUser(folder),
    storageQuota: { limit: '16106127360', usage, usageInDrive: usage, usageInDriveTrash: '0' },
    maxUploadSize: '5242880000000',
    appInstalled: false,
  };
  return apiJson(project(body, mask));
}
