import type { Provided } from '../../cli/runtime.js';
import { GsacError, messageOf } from '../../core/errors.js';
import { once } from '../../core/promises.js';
import { maskText } from '../../core/secret.js';
import { type CheckFinding, type CheckInput, type DoctorCheck, problem, refused } from './check.js';
import { environmentChecks } from './environment-checks.js';
import { fileChecks } from './file-checks.js';
import { createMachine } from './machine.js';
import { readNamedClient } from './named-client.js';
import { networkChecks } from './network-checks.js';
import { proxyCheck } from './proxy-check.js';
import { reachEndpoints } from './reach.js';
import { storeChecks } from './store-checks.js';

/** Every check, in the order in which they are shown. A new one is an entry in one of these lists. */
export const doctorChecks: readonly DoctorCheck[] = [
  ...environmentChecks,
  ...fileChecks,
  ...storeChecks,
  proxyCheck,
  ...networkChecks,
];

/**
 * Runs every check, all at once. A check that fails is a finding of its own and ends no other.
 *
 * @throws {GsacError} `cancelled` alone.
 */
export async function runChecks(
  ports: DoctorPorts,
): Promise<{ id: string; finding: CheckFinding }[]> {
  const input = gather(ports);
  return Promise.all(
    doctorChecks.map(async (check) => ({
      id: check.id,
      finding: masked(await runCheck(check, input)),
    })),
  );
}

/** What the doctor is handed. */
export type DoctorPorts = Pick<Provided, 'context' | 'accounts' | 'google' | 'system'>;

function gather({ context, accounts, google, system }: DoctorPorts): CheckInput {
  const client = once(() => readNamedClient(context));
  return {
    context,
    accounts,
    machine: createMachine(system),
    listing: once(async () => (await accounts.index()).list()),
    client,
    reached: once(async () =>
      reachEndpoints((await client()).endpoints, await google.http(), context.now),
    ),
  };
}

async function runCheck({ examine }: DoctorCheck, input: CheckInput): Promise<CheckFinding> {
  try {
    return await examine(input);
  } catch (thrown) {
    if (thrown instanceof GsacError) {
      if (thrown.code === 'cancelled') throw thrown;
      return refused(thrown, 'Do what the message says.');
    }
    return problem(
      `The check itself failed: ${messageOf(thrown)}.`,
      'This is a bug in gsac; please report it.',
    );
  }
}

/** Findings quote paths, addresses and values of variables: whatever looks like a secret is masked. */
function masked(finding: CheckFinding): CheckFinding {
  const { detail, fix } = finding;
  return { ...finding, detail: maskText(detail), fix: fix === null ? null : maskText(fix) };
}
