import type { AccountRecord } from '../core/account.js';
import type { Case } from '../core/diagnosis.js';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import type { AccessTokens, AppFolder, DriveFile } from '../google/drive.js';
import type { AccountWork } from './accounts.js';
import { type OpenAccount, openAccount } from './open.js';
import { freshSession, refreshNow } from './refresh.js';

/** How long an access token must still live when something with files begins. */
const minTtlMs = 300_000;

/** An account's application data folder, and what else is needed to work on it. */
export interface OpenFolder {
  account: AccountRecord;
  folder: AppFolder;
  tokens: AccessTokens;
  endpoints: Endpoints;
  /** What work in the folder is about, for the diagnosis of its failures. */
  facts(): Case;
}

/**
 * Opens the folder of the chosen account. Where an access token ends on the way, a new one is
 * fetched and the work goes on.
 *
 * @throws {GsacError} exits 2 to 5.
 */
export async function openFolder(work: AccountWork): Promise<OpenFolder> {
  const opened = await openAccount(work);
  const { tokens, facts } = await openTokens(work, opened);
  const { account, endpoints } = opened;
  const open = await work.google.drive();
  return { account, endpoints, tokens, facts, folder: open(tokens, endpoints) };
}

/** An account's access tokens for requests to Google's APIs, renewed once Google refuses one. */
export async function openTokens(
  work: AccountWork,
  opened: OpenAccount,
): Promise<Pick<OpenFolder, 'tokens' | 'facts'>> {
  let session = await freshSession(work, opened, minTtlMs);
  const facts = (): Case => ({ stage: 'drive', grantedScopes: session.scopes });
  const tokens: AccessTokens = {
    current: () => session.accessToken,
    async renew(refused) {
      // Several requests may be refused at once; one of them has it renewed.
      if (session.accessToken === refused) {
        session = (await refreshNow(work, opened)).session;
      }
      return session.accessToken;
    },
  };
  return { tokens, facts };
}

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
    hint: 'List the files with `gsac files`. Names are matched exactly; files of another project’s clients are not visible here.',
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
