import type { FaultDefinition } from './fault-model.js';
import { DRIVE_FAULTS } from './faults-drive.js';
import { GRANT_FAULTS } from './faults-grant.js';
import { ID_TOKEN_FAULTS } from './faults-id-token.js';
import { IDENTITY_FAULTS } from './faults-identity.js';
import { NETWORK_FAULTS } from './faults-network.js';
import { REFUSALS } from './faults-refusal.js';
import { SIGN_IN_FAULTS } from './faults-sign-in.js';
import { TOKEN_FAULTS } from './faults-token.js';

/** Faults of one kind. */
export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly FaultDefinition[];
}

/** Every fault by its kind. A new one is one entry in one of the tables, and one in their test. */
export const FAULT_GROUPS: readonly FaultGroup[] = [
  { title: 'On the way', faults: NETWORK_FAULTS },
  { title: 'Refusals', faults: REFUSALS },
  { title: 'Token answers', faults: TOKEN_FAULTS },
  { title: 'ID tokens', faults: ID_TOKEN_FAULTS },
  { title: 'Codes, grants and revocation', faults: GRANT_FAULTS },
  { title: 'Tokeninfo, userinfo and keys', faults: IDENTITY_FAULTS },
  { title: 'Drive', faults: DRIVE_FAULTS },
  { title: 'The authorization page', faults: SIGN_IN_FAULTS },
];

/** Every fault that the emulator knows. */
export const FAULTS: readonly FaultDefinition[] = FAULT_GROUPS.flatMap(({ faults }) => faults);
