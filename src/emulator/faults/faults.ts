import { DEVICE_FAULTS } from './device.js';
import { DRIVE_FAULTS } from './drive.js';
import { GRANT_FAULTS } from './grant.js';
import { ID_TOKEN_FAULTS } from './id-token.js';
import { IDENTITY_FAULTS } from './identity.js';
import { type FaultDefinition, rowsFor } from './model.js';
import { NETWORK_FAULTS } from './network.js';
import { REFUSALS } from './refusal.js';
import { RISC_FAULTS } from './risc.js';
import { SIGN_IN_FAULTS } from './sign-in.js';
import { TOKEN_FAULTS } from './token.js';

/** Faults of one kind. */
export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly FaultDefinition[];
}

/** Every fault by its kind. A new one is one entry in one of the tables, and one in their test. */
export const FAULT_GROUPS: readonly FaultGroup[] = [
  { title: 'On the way', faults: NETWORK_FAULTS },
  { title: 'Refusals', faults: REFUSALS },
  { title: 'Token answers', faults: rowsFor(['token'], TOKEN_FAULTS) },
  { title: 'ID tokens', faults: rowsFor(['token', 'gsi'], ID_TOKEN_FAULTS) },
  { title: 'Codes, grants and revocation', faults: rowsFor(['token'], GRANT_FAULTS) },
  { title: 'Tokeninfo, userinfo and keys', faults: IDENTITY_FAULTS },
  { title: 'Drive', faults: rowsFor(['drive'], DRIVE_FAULTS) },
  { title: 'The authorization page', faults: rowsFor(['authorize'], SIGN_IN_FAULTS) },
  { title: 'Devices', faults: rowsFor(['device'], DEVICE_FAULTS) },
  { title: 'Security events', faults: RISC_FAULTS },
];

/** Every fault that the emulator knows. */
export const FAULTS: readonly FaultDefinition[] = FAULT_GROUPS.flatMap(({ faults }) => faults);

/** The same by name. */
export const FAULTS_BY_NAME: ReadonlyMap<string, FaultDefinition> = new Map(
  FAULTS.map((fault) => [fault.name, fault]),
);
