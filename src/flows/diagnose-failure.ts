import type { Case, Stage } from '../core/diagnosis/case.js';
import { type Diagnosis, diagnose } from '../core/diagnosis/diagnose.js';
import type { GsacError } from '../core/errors.js';
import type { Check } from '../core/id-token.js';

/** Errors of the arguments that are about what was pasted or handed in, with the stage they are of. */
const inputStages: Readonly<Record<string, Stage>> = {
  code_empty: 'code-input',
  code_unreadable: 'code-input',
  code_not_a_code: 'code-input',
  client_file_invalid: 'client-file',
  client_file_wrong_kind: 'client-file',
  client_secret_required: 'exchange',
};

/**
 * The likely causes of a command's failure, from what the error says and what the command was
 * about. Empty for failures that explain themselves: flags, the store, a bug.
 */
export function diagnoseFailure(error: GsacError, circumstances: Case): Diagnosis[] {
  const stage = inputStages[error.code] ?? circumstances.stage;
  const about = error.exitCode === 3 || error.exitCode === 4 || error.code in inputStages;
  if (!about || (stage === undefined && error.details['google'] === undefined)) return [];
  // What was pasted speaks for itself; our own sentence about it would count twice.
  if (stage === 'code-input') return diagnose({ ...circumstances, stage });
  return diagnose({ ...circumstances, stage, ...readAnswer(error) });
}

/** What the server said, in its own words where it said something. */
function readAnswer(error: GsacError): Pick<Case, 'observed' | 'httpStatus'> {
  const google = error.details['google'];
  const systemCode = error.details['system_code'];
  const words = [error.message, typeof systemCode === 'string' ? systemCode : ''];
  if (typeof google !== 'object' || google === null) return { observed: words.join('\n') };
  const status =
    'status' in google && typeof google.status === 'number' ? google.status : undefined;
  return {
    observed: `${JSON.stringify(google)}\n${status !== undefined && status >= 500 ? error.message : ''}`,
    httpStatus: status,
  };
}

/** What a failed check of an ID token is called by the libraries that make the same check. */
const checkWords: Readonly<Record<string, string>> = {
  algorithm: 'the algorithm is not RS256',
  audience: 'audience mismatch',
  expiry: 'the ID token has expired',
  issued_at: 'issued in the future',
  signature: 'the signature is invalid',
};

/** The likely causes of an ID token's failed checks. */
export function diagnoseChecks(checks: readonly Check[], circumstances: Case): Diagnosis[] {
  const failed = checks.filter(({ ok }) => ok === false);
  if (failed.length === 0) return [];
  const observed = failed.map(({ name, detail }) => `${checkWords[name] ?? name}: ${detail}`);
  return diagnose({ ...circumstances, stage: 'verify', observed: observed.join('; ') });
}
