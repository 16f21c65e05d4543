import type { Services } from '../../../wiring.js';
import type { PlanDocument } from './plan.js';
import type { PlanProblem } from './plan-problems.js';

/** The faults of a plan that there are not, or that take no such thing, in the emulator's own words. */
export async function findWrongFaults(
  { flows }: PlanDocument,
  services: Pick<Services, 'emulatorAdmin'>,
): Promise<PlanProblem[]> {
  const problems: PlanProblem[] = [];
  const emulator = await services.emulatorAdmin();
  for (const [flow, { sign_in: { faults = [] } = {} }] of flows.entries()) {
    for (const [at, fault] of faults.entries()) {
      const words = await emulator.refuseFault(fault);
      if (words === undefined) continue;
      const path = ['flows', flow, 'sign_in', 'faults', at];
      problems.push({ path, saying: `cannot be had: ${words}` });
    }
  }
  return problems;
}
