import type { FaultDefinition } from './fault-model.js';
import { NETWORK_FAULTS } from './faults-network.js';
import { REFUSALS } from './faults-refusal.js';
import { TOKEN_FAULTS } from './faults-token.js';

/** Every fault that the emulator knows. A new one is one entry in one of the three tables. */
export const FAULTS: readonly FaultDefinition[] = [...NETWORK_FAULTS, ...TOKEN_FAULTS, ...REFUSALS];
