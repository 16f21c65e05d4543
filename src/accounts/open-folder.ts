import type { AccountRecord } from '../core/account.js';
import type { Endpoints } from '../core/endpoints.js';
import type { AccessTokens, AppFolder } from '../google/drive.js';
import type { Services } from '../wiring.js';
import { openAccount } from './open-account.js';
import { freshSession, refreshNow } from './refresh.js';

/** How long an access token must still live when something with files begins. */
const minTtlMs = 300_000;

/** An account's application data folder, and what else is needed to work on it. */
export interface OpenFolder {
  account: AccountRecord;
  folder: AppFolder;
  tokens: AccessTokens;
  endpoints: Endpoints;
}

/**
 * Opens the folder of the chosen account. Where an access token ends on the way, a new one is
 * fetched and the work goes on.
 *
 * @throws {GsacError} exits 2 to 5.
 */
export async function openFolder(services: Services): Promise<OpenFolder> {
  const opened = await openAccount(services);
  let session = await freshSession(services, opened, minTtlMs);
  const atDrive = () =>
    Object.assign(services.circumstances, { stage: 'drive', grantedScopes: session.scopes });
  atDrive();
  const tokens: AccessTokens = {
    current: () => session.accessToken,
    async renew(refused) {
      // Several requests may be refused at once; one of them has it renewed.
      if (session.accessToken === refused) {
        session = (await refreshNow(services, opened)).session;
        atDrive();
      }
      return session.accessToken;
    },
  };
  const { account, endpoints } = opened;
  const open = await services.appFolder();
  return { account, endpoints, tokens, folder: open(tokens, endpoints) };
}
