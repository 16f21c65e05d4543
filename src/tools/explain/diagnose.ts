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
  ...consentRules,
  ...browserRules,
  ...exchangeRules,
  ...refreshRules,
  ...serviceAccountRules,
  ...idTokenRules,
  ...driveRules,
  ...driveFileRules,
  ...networkRules,
];

/** A cause is certain where the sum and one single signal are this strong. */
const certainFrom = 90;
const decisiveFrom = 80;
const likelyFrom = 40;
const possibleFrom = 20;
const mostCauses = 5;

/** What being in the stage that a rule is about is worth, and being in another. */
const stageWeights = { same: 8, other: -35 } as const;

/**
 * Ranks the causes that a case's facts speak for, the likeliest first, at most five. Each signal of
 * a rule adds its weight; what is left below the threshold is not named. Pure.
 *
 * It is an opinion from evidence: only the server knows why it refused.
 */
export function diagnose(given: Case): Diagnosis[] {
  const facts = toFacts(given);
  return rules
    .map((rule) => weigh(rule, facts))
    .filter(({ score }) => score >= possibleFrom)
    .sort((one, other) => rankOf(other) - rankOf(one))
    .slice(0, mostCauses)
    .map(({ rule, score, strongest, evidence }) => ({
      cause: rule.cause,
      likelihood: toLikelihood(score, strongest),
      why: rule.why,
      evidence: evidence.map((words) => maskText(words)),
      fix: [...rule.fix],
      docs: rule.docs,
    }));
}

/** What is certain comes first, then the larger sum. */
function rankOf({ score, strongest }: Weighed): number {
  return toLikelihood(score, strongest) === 'certain' ? score + 1000 : score;
}

function toLikelihood(score: number, strongest: number): Likelihood {
  if (score >= certainFrom && strongest >= decisiveFrom) return 'certain';
  return score >= likelyFrom ? 'likely' : 'possible';
}

interface Weighed {
  rule: Rule;
  score: number;
  /** The weight of the strongest single signal. */
  strongest: number;
  evidence: string[];
}

function weigh(rule: Rule, facts: Facts): Weighed {
  let score = 0;
  let strongest = 0;
  const evidence: string[] = [];
  for (const { weight, find } of rule.signals) {
    const words = find(facts);
    if (words === undefined) continue;
    score += weight;
    strongest = Math.max(strongest, weight);
    if (weight > 0) evidence.push(...words.filter((word) => !evidence.includes(word)));
  }
  // A stage alone speaks for nothing.
  if (evidence.length > 0 && facts.stage !== undefined) {
    score += rule.stages.includes(facts.stage) ? stageWeights.same : stageWeights.other;
  }
  return { rule, score, strongest, evidence };
}
