import { type Case, type Diagnosis, inputStages, mayHaveCauses } from '../../core/diagnosis.js';
import type { GsacError } from '../../core/errors.js';
import type { Check } from '../../core/id-token.js';
import { diagnose } from './diagnose.js';

/**
 * The likely causes of a command's failure, from what the error says and what the command was
 * about. Empty for failures that explain themselves: flags, the store, a bug.
 */
export function diagnoseFailure(error: GsacError, circumstances: Case): Diagnosis[] {
  const stage = inputStages[error.code] ?? circumstances.stage;
  if (!mayHaveCauses(error)) return [];
  if (stage === undefined && error.details['google'] === undefined) return [];
  // What was pasted speaks for itself; our own sentence about it would count twice.
  if (stage === 'code-input') {
    return diagnose({ ...circumstances, stage, code: unwrapped(circumstances.code) });
  }
  // gsac has made a code of what was pasted, or it would not have sent it.
  const codeCleaned = stage === 'exchange';
  return diagnose({ ...circumstances, stage, codeCleaned, ...readAnswer(error) });
}

/** What stood in Optional("…"), which gsac takes off itself: that was no reason to refuse a code. */
function unwrapped(code: string | undefined): string | undefined {
  return code === undefined
    ? undefined
    : (/^\s*Optional\("?(.*?)"?\)\s*$/s.exec(code)?.[1] ?? code);
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

/**
 * What a failed check of an ID token is called by the libraries that make the same check. The same
 * check fails where a claim is missing or of no sense, which is something else.
 */
const checkWords: Readonly<Record<string, { detail: RegExp; words: string }>> = {
  algorithm: { detail: /./, words: 'the algorithm is not RS256' },
  audience: { detail: /, expected /, words: 'audience mismatch' },
  expiry: { detail: /^[\dT:.+-]+Z?$/, words: 'the ID token has expired' },
  issued_at: { detail: / in the future/, words: 'issued in the future' },
  issuer: { detail: /./, words: 'iss' },
  not_before: { detail: /^[\dT:.+-]+Z?$/, words: 'not yet valid' },
  signature: { detail: /has no key/, words: 'signature' },
};

/** The likely causes of an ID token's failed checks; none where a claim is missing or malformed. */
export function diagnoseChecks(checks: readonly Check[], circumstances: Case): Diagnosis[] {
  const observed = checks.flatMap(({ name, ok, detail }) => {
    const known = checkWords[name];
    return ok === false && known?.detail.test(detail) ? `${known.words}: ${detail}` : [];
  });
  if (observed.length === 0) return [];
  return diagnose({ ...circumstances, stage: 'verify', observed: observed.join('; ') });
}
