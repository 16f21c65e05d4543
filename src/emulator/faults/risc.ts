import { FORGERIES } from '../risc/forgeries.js';
import type { FaultDefinition } from './model.js';
import { BOUNDS, parameter, valueIn } from './parameters.js';

const DAY_SECONDS = 86_400;

/** Security events that are forged, repeated or late. */
export const RISC_FAULTS: readonly FaultDefinition[] = Object.entries(FORGERIES).map(
  ([name, { summary, change }]) => ({
    name: `risc-${name}`,
    summary,
    source: 'https://developers.google.com/identity/protocols/risc',
    ...(name === 'late'
      ? { parameters: { seconds: parameter('number', 'how late (86400)', BOUNDS.age) } }
      : {}),
    securityEvent: (fault, draft) => change(draft, valueIn(fault, 'seconds', DAY_SECONDS)),
  }),
);
