import { GsacError, messageOf } from '../../core/errors.js';
import { maskText } from '../../core/secret.js';
import type { Services } from '../../wiring.js';
import { type DoctorCheck, type Finding, type Patient, problem } from './check.js';
import { environmentChecks } from './environment-checks.js';
import { fileChecks } from './file-checks.js';
import { readNamedClient } from './named-client.js';
import { networkChecks } from './network-checks.js';
import { createProbe } from './probe.js';
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
export async function examine(
  services: Services,
  checks: readonly DoctorCheck[] = doctorChecks,
): Promise<{ id: string; finding: Finding }[]> {
  const patient = await admit(services);
  const findings = await Promise.all(
    checks.map(async (check) => ({ id: check.id, finding: await runCheck(check, patient) })),
  );
  return findings.map(({ id, finding }) => ({ id, finding: masked(finding) }));
}

async function admit(services: Services): Promise<Patient> {
  const client = once(() => readNamedClient(services));
  return {
    services,
    machine: await services.machine(),
    listing: once(async () => (await services.accountIndex()).list()),
    client,
    reached: once(async () => {
      const { endpoints } = await client();
      return reachEndpoints(endpoints, createProbe(await services.google.http(), services.now));
    }),
  };
}

async function runCheck({ examine: look }: DoctorCheck, patient: Patient): Promise<Finding> {
  try {
    return await look(patient);
  } catch (thrown) {
    if (thrown instanceof GsacError) {
      if (thrown.code === 'cancelled') throw thrown;
      return problem(thrown.message, thrown.hint ?? 'See the message.', {
        error_code: thrown.code,
      });
    }
    return problem(
      `The check itself failed: ${messageOf(thrown)}.`,
      'This is a bug in gsac; please report it.',
    );
  }
}

/** Findings quote paths, addresses and values of variables: whatever looks like a secret is masked. */
function masked({ state, detail, fix, facts }: Finding): Finding {
  return {
    state,
    detail: maskText(detail),
    fix: fix === null ? null : maskText(fix),
    ...(facts === undefined ? {} : { facts }),
  };
}

function once<T>(work: () => T): () => T {
  let done: { value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
