import type { DriveFile, DriveFolder } from '../state/drive-store.js';
import { type FieldMask, parseFields, project, wants } from './fields.js';
import { FILE_FIELDS } from './file-fields.js';

const KNOWN_FIELDS = Object.entries(FILE_FIELDS);
const DEFAULT_FILE_FIELDS = parseFields('kind,id,name,mimeType');

/**
 * Writes a file as Drive answers it. Without a mask only kind, id, name and mimeType come, as
 * Drive's own default has it; fields a client set come back where the mask names them.
 */
export function toFileResource(
  file: DriveFile,
  folder: DriveFolder,
  fields: FieldMask | true = DEFAULT_FILE_FIELDS,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, [, read]] of KNOWN_FIELDS) {
    if (!wants(fields, name)) continue;
    const value = read?.(file, folder);
    if (value !== undefined) out[name] = value;
  }
  for (const [name, value] of Object.entries(file.extra)) {
    if (!(name in out) && wants(fields, name)) out[name] = value;
  }
  return project(out, fields) as Record<string, unknown>;
}
