import type { Context, Hono } from 'hono';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { apiJson } from '../http/respond.js';
import type { DriveFile, DriveFolder } from '../state/drive-store.js';
import { type DriveAccess, findFile, isBuiltIn, openDrive } from './access.js';
import { createDriveDiscovery } from './discovery.js';
import { downloadFile } from './download.js';
import { badRequest, fileNotFound, invalidParameter, notForAppData } from './errors.js';
import { type FieldMask, FieldMaskError, parseFields, project } from './fields.js';
import { listFiles, usedBytes } from './list.js';
import { driveUser, toFileResource } from './resource.js';
import { UploadSessions } from './resumable.js';
import { createFile, updateFile } from './upload.js';

type Handler = (c: Context<EmulatorEnv>, access: DriveAccess) => Response;

const FILES = '/drive/v3/files';
const FILE = `${FILES}/:fileId`;

/**
 * Adds Drive v3 as far as the application data folder needs it. Sharing, trashing and moving are
 * refused as Drive refuses them there.
 * @see https://developers.google.com/workspace/drive/api/reference/rest/v3
 */
export function addDriveEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  const guarded = (method: string, handler: Handler) => (c: Context<EmulatorEnv>) => {
    const access = openDrive(c.env.call, parts, method);
    if (access instanceof Response) return access;
    try {
      return handler(c, access);
    } catch (error) {
      if (error instanceof FieldMaskError) return invalidParameter('fields', error.message);
      throw error;
    }
  };
  const uploads = new UploadSessions(parts);
  const create = guarded('DriveFiles.Create', (c, access) =>
    UploadSessions.wants(c.env.call)
      ? uploads.start(c.env.call, access)
      : createFile(c.env.call, access),
  );
  const update = guarded('DriveFiles.Update', (c, access) =>
    withFile(c, access, (file) =>
      UploadSessions.wants(c.env.call)
        ? uploads.start(c.env.call, access, file)
        : updateFile(c.env.call, file, access),
    ),
  );
  for (const path of [`/upload${FILES}`, `/upload${FILE}`]) {
    app.on(['PUT', 'POST', 'PATCH'], path, async (c, next) => {
      // The address of a session is its own permission; clients need not send the token again.
      if (c.env.call.query.has('upload_id')) return uploads.proceed(c.env.call);
      return next();
    });
  }
  app.get(
    FILES,
    guarded('DriveFiles.List', (c, access) => listFiles(c.env.call, access)),
  );
  app.get(`${FILES}/generateIds`, guarded('DriveFiles.GenerateIds', generateIds));
  app.get(
    FILE,
    guarded('DriveFiles.Get', (c, access) =>
      withFile(c, access, (file) => getFile(c, file, access)),
    ),
  );
  app.post(FILES, create);
  app.post(`/upload${FILES}`, create);
  app.patch(FILE, update);
  app.patch(`/upload${FILE}`, update);
  app.delete(FILE, guarded('DriveFiles.Delete', deleteFile));
  app.all(
    `${FILE}/:rest{permissions|copy|export}`,
    guarded('DriveFiles.Copy', (c, access) => withFile(c, access, () => notForAppData())),
  );
  app.get('/drive/v3/about', guarded('DriveAbout.Get', about));
  for (const path of ['/discovery/v1/apis/drive/v3/rest', '/$discovery/rest']) {
    app.get(path, () => apiJson(createDriveDiscovery(parts.origin())));
  }
}

/** Reads `fields`; undefined where it is absent. @throws {FieldMaskError} */
function readMask(c: Context<EmulatorEnv>): FieldMask | undefined {
  const fields = c.env.call.query.get('fields');
  return fields ? parseFields(fields) : undefined;
}

function withFile(
  c: Context<EmulatorEnv>,
  access: DriveAccess,
  answer: (file: DriveFile) => Response,
): Response {
  const id = c.req.param('fileId') ?? '';
  const file = findFile(id, access);
  return file ? answer(file) : fileNotFound(id);
}

function getFile(c: Context<EmulatorEnv>, file: DriveFile, access: DriveAccess): Response {
  const { call } = c.env;
  if (call.query.get('alt') === 'media') return downloadFile(call, file);
  return apiJson(toFileResource(file, access.folder, readMask(c)));
}

function deleteFile(c: Context<EmulatorEnv>, access: DriveAccess): Response {
  return withFile(c, access, (file) => {
    if (isBuiltIn(file, access.folder)) return notForAppData();
    removeWithin(file.id, access.folder);
    return new Response(null, { status: 204 });
  });
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

function generateIds(c: Context<EmulatorEnv>, { folder }: DriveAccess): Response {
  const count = Number(c.env.call.query.get('count') ?? '10');
  if (!Number.isInteger(count) || count < 1 || count > 1000) return invalidParameter('count');
  const space = c.env.call.query.get('space') ?? 'drive';
  const ids = Array.from({ length: count }, () => folder.newId());
  return apiJson({ kind: 'drive#generatedIds', space, ids });
}

function about(c: Context<EmulatorEnv>, { folder }: DriveAccess): Response {
  const mask = readMask(c);
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
