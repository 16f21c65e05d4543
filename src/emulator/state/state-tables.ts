import type { Authorization, Grant, PendingCode } from './model.js';
import type { ScopeSets } from './scope-sets.js';

/** What is remembered, table by table. Saving and restoring work on them directly. */
export interface StateTables {
  /** Clients by the index that access tokens name them by. */
  readonly clientIds: string[];
  readonly scopeSets: ScopeSets;
  readonly authorizations: Map<number, Authorization>;
  /** By user and project. */
  readonly consents: Map<string, Authorization>;
  readonly codes: Map<string, PendingCode>;
  readonly redeemed: Map<string, Authorization>;
  readonly grants: Map<string, Grant>;
  /** By user and client. */
  readonly grantsByOwner: Map<string, Set<Grant>>;
  nextAuthorization: number;
  /** Emails of users that were added since the options were read, and of those that were removed. */
  readonly addedUsers: Set<string>;
  readonly removedUsers: Set<string>;
}

/** The key that a user's grants for a client are counted under. */
export function ownerKey(grant: Pick<Grant, 'authorization' | 'client'>): string {
  return `${grant.authorization.user.sub}/${grant.client.clientId}`;
}
