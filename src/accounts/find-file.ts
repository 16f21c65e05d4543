import { GsacError } from '../core/errors.js';
import type { AppFolder, DriveFile } from '../google/drive.js';

/** What an id of Drive looks like; a name may too, so that both are tried. */
const idShape = /^[\w-]{25,}$/;
const mostListed = 10;

/**
 * The one file that an id or an exact name means; an id goes first.
 *
 * @throws {GsacError} `file_not_found`, or `file_ambiguous` with the candidates where the name
 *   occurs more than once.
 */
export async function findFile(folder: AppFolder, idOrName: string): Promise<DriveFile> {
  const byId = idShape.test(idOrName) ? await folder.get(idOrName) : undefined;
  const file = byId ?? (await findByName(folder, idOrName));
  if (file !== undefined) return file;
  throw new GsacError('file_not_found', `There is no file ${JSON.stringify(idOrName)}.`, {
    hint: 'See what there is with `gsac files`. Names count to the letter; files of another project’s clients are not seen here.',
  });
}

/**
 * The one file of a name, or undefined.
 *
 * @param advice begins the hint of what to do about several, up to the list of their ids.
 * @throws {GsacError} `file_ambiguous`.
 */
export async function findByName(
  folder: AppFolder,
  name: string,
  advice = 'Name one by its id',
): Promise<DriveFile | undefined> {
  const found = await folder.named(name);
  if (found.length <= 1) return found[0];
  const listed = found
    .slice(0, mostListed)
    .map((file) => `${file['id']} (${file['size'] ?? 0} bytes, ${file['modifiedTime']})`);
  throw new GsacError(
    'file_ambiguous',
    `${found.length} files are called ${JSON.stringify(name)}.`,
    {
      hint: `${advice}: ${listed.join(', ')}${found.length > mostListed ? ', …' : ''}.`,
      details: {
        candidates: found.map(({ id, size, modifiedTime }) => ({
          id,
          size: size ?? null,
          modified: modifiedTime ?? null,
        })),
      },
    },
  );
}
