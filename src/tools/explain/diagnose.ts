import type { Case, Diagnosis, Likelihood } from '../../core/diagnosis.js';
import { maskText } from '../../core/secret.js';
import { type Facts, toFacts } from './facts.js';
import { appRules } from './rules/app.js';
import { browserRules } from './rules/browser.js';
import { clientRules } from './rules/client.js';
import { codeRules } from './rules/code.js';
import { consentRules } from './rules/consent.js';
import { deviceRules } from './rules/device.js';
import { driveRules } from './rules/drive.js';
import { driveFileRules } from './rules/drive-files.js';
import { exchangeRules } from './rules/exchange.js';
import { idTokenRules } from './rules/id-token.js';
import { networkRules } from './rules/network.js';
import { refreshRules } from './rules/refresh.js';
import type { Rule } from './rules/rule.js';
import { serviceAccountRules } from './rules/service-account.js';

/** Every rule. A new cause is one entry in one of these files. */
export const rules: readonly Rule[] = [
  ...codeRules,
  ...clientRules,
  ...appRules,
  ...deviceRules,
  ...browserRules,
  ...consentRules,
  ...exchangeRules,
  ...refreshRules,
  ...serviceAccountRules,
  ...idTokenRules,
  ...driveRules,
  ...driveFileRules,
  ...networkRules,
];

const mostCauses = 5;

/**
 * Ranks the causes that a case's facts speak for, the likeliest first, at most five. Pure.
 *
 * What proves a cause makes it certain, what speaks for it or suggests it likely, what fits it possible;
 * what rules it out takes it off the list. In a stage that the rule is not about, each signal says one
 * step less; its own stage fits it, but names no cause alone. A cause that is certain comes first; then
 * the one with more signals that speak for it, then one that is suggested, then the one with more
 * signals that fit, then the one whose rule stands first.
 *
 * It is an opinion from evidence: only the server knows why it refused.
 */
export function diagnose(given: Case): Diagnosis[] {
  const facts = toFacts(given);
  return rules
    .flatMap((rule) => weigh(rule, facts) ?? [])
    .sort(compare)
    .slice(0, mostCauses)
    .map(({ rule, evidence, ...counts }) => ({
      cause: rule.cause,
      likelihood: toLikelihood(counts),
      why: rule.why,
      evidence: evidence.map((words) => maskText(words)),
      fix: [rule.fix].flat(),
      docs: rule.docs,
    }));
}

/** How many signals of each strength were found. */
interface Counts {
  proves: number;
  speaksFor: number;
  suggests: number;
  fits: number;
}

interface Weighed extends Counts {
  rule: Rule;
  evidence: string[];
}

function weigh(rule: Rule, facts: Facts): Weighed | undefined {
  const find = (signals: Rule['proves'] = []) =>
    [signals].flat().flatMap((signal) => {
      const words = signal(facts);
      return words === undefined ? [] : [words];
    });
  const found = {
    proves: find(rule.proves),
    speaksFor: find(rule.speaksFor),
    suggests: find(rule.suggests),
    fits: find(rule.fits),
  };
  const { proves, speaksFor, suggests, fits } = found;
  const evidence = [...new Set(Object.values(found).flat(2))];
  const isElsewhere = facts.stage !== undefined && !rule.stages.includes(facts.stage);
  const counts = isElsewhere
    ? { proves: 0, speaksFor: proves.length, suggests: 0, fits: speaksFor.length + suggests.length }
    : {
        proves: proves.length,
        speaksFor: speaksFor.length,
        suggests: suggests.length,
        fits: fits.length,
      };
  const isNamed = Object.values(counts).some((count) => count > 0) && evidence.length > 0;
  if (!isNamed || find(rule.rulesOut).length > 0) return undefined;
  if (!isElsewhere && facts.stage !== undefined) counts.fits += 1;
  return { rule, evidence, ...counts };
}

function compare(one: Counts, other: Counts): number {
  return (
    Math.sign(other.proves) - Math.sign(one.proves) ||
    other.proves + other.speaksFor - one.proves - one.speaksFor ||
    Math.sign(other.suggests) - Math.sign(one.suggests) ||
    other.fits - one.fits
  );
}

function toLikelihood({ proves, speaksFor, suggests }: Counts): Likelihood {
  if (proves > 0) return 'certain';
  return speaksFor + suggests > 0 ? 'likely' : 'possible';
}
