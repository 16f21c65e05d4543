import type { AccountRecord } from '../../../core/account.js';
import type { PlannedFlow } from './plan.js';

/** Flows that run one after the other, as indices into the plan. */
export type Lane = readonly number[];

/**
 * Puts the flows of a plan into rounds, which follow each other, of lanes, which run next to each
 * other, so that no flow disturbs another:
 *
 * - first what disturbs nobody; a stored account is used by one flow at a time;
 * - then what revokes, or sends a code twice, for which a provider may revoke: that ends the access of
 *   every client of the project to this person, so each person has a lane, and everybody shares one
 *   where it is not known who somebody is;
 * - last, and one by one, what has faults, since those of the emulator are everybody's.
 *
 * @param accounts the stored account of each flow that begins with one, where there is such an
 *   account: one has many names.
 */
export function toRounds(
  flows: readonly PlannedFlow[],
  accounts: readonly (AccountRecord | undefined)[],
): Lane[][] {
  const peaceful: [string, number][] = [];
  const disturbing: [string | undefined, number][] = [];
  const faulty: number[] = [];
  for (const [at, { beginning, expectations }] of flows.entries()) {
    if (beginning.kind === 'emulator' && beginning.faults.length > 0) faulty.push(at);
    else if (expectations.revoke || expectations.replay) {
      disturbing.push([personOf(beginning, accounts[at]), at]);
    } else {
      peaceful.push([accounts[at]?.key ?? `#${at}`, at]);
    }
  }
  const isUnknown = disturbing.some(([person]) => person === undefined);
  return [
    toLanes(peaceful),
    toLanes(disturbing.map(([person, at]) => [isUnknown ? '' : (person ?? ''), at])),
    faulty.length === 0 ? [] : [faulty],
  ];
}

function toLanes(flows: readonly (readonly [lane: string, at: number])[]): Lane[] {
  const lanes = new Map<string, number[]>();
  for (const [name, at] of flows) {
    const lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, [at]);
    else lane.push(at);
  }
  return [...lanes.values()];
}

/** The address of the person; undefined where nobody tells. */
function personOf(
  beginning: PlannedFlow['beginning'],
  account: AccountRecord | undefined,
): string | undefined {
  const named = beginning.kind === 'emulator' ? beginning.user : account?.email;
  return named?.includes('@') ? named.toLowerCase() : undefined;
}
