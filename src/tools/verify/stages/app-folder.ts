import { withFacts } from '../../../core/errors.js';
import { appDataScope, expandScope } from '../../../core/scopes.js';
import { grantCheck, type Stage } from './stage.js';

const id = 'appfolder.read';

/** The access token is used for what it was asked for: one file of the appfolder is listed. */
export const appFolderStage: Stage = {
  checks: { [id]: 'the access token reads the appfolder' },
  async run(flow) {
    const { book, facts, google, endpoints, expectations } = flow;
    const { session } = facts;
    const expected = '200 with a list of files';
    if (session === undefined)
      return book.block(id, 'there is no access token', grantCheck(flow), expected);
    if (!session.scopes.map(expandScope).includes(appDataScope)) {
      const wanted = (expectations.scopes ?? facts.askedScopes ?? []).map(expandScope);
      const why = 'drive.appdata was not granted';
      return wanted.includes(appDataScope)
        ? book.block(id, why, 'scopes.granted', expected)
        : book.skip(id, 'not_applicable', why, expected);
    }
    await book.attempt(
      id,
      expected,
      () =>
        withFacts(
          () => ({ stage: 'drive' }),
          async () => (await google.driveProbe()).countFirst(session.accessToken, endpoints),
        ),
      (count) => (count === 0 ? 'the folder is empty' : 'the folder has files'),
    );
  },
};
