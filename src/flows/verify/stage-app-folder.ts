import { appDataScope, expandScope } from '../../core/scopes.js';
import type { Stage } from './stage.js';

const id = 'appfolder.read';

/** The access token is used for what it was asked for: one file of the appfolder is listed. */
export const appFolderStage: Stage = {
  checks: { [id]: 'the access token reads the appfolder' },
  async run({ book, facts, services, endpoints, expectations }) {
    const { session } = facts;
    const expected = '200 with a list of files';
    if (session === undefined)
      return book.skip(id, 'blocked', 'there is no access token', expected);
    if (!session.scopes.map(expandScope).includes(appDataScope)) {
      const wanted = (expectations.scopes ?? facts.askedScopes ?? []).map(expandScope);
      const kind = wanted.includes(appDataScope) ? 'blocked' : 'not_applicable';
      return book.skip(id, kind, 'drive.appdata was not granted', expected);
    }
    await book.attempt(
      id,
      expected,
      async () => {
        services.circumstances.stage = 'drive';
        const probe = await services.appFolderProbe();
        return probe.countFirst(session.accessToken, endpoints);
      },
      (count) => (count === 0 ? 'the folder is empty' : 'there are files'),
    );
  },
};
