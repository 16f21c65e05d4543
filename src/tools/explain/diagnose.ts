import type { Case, Diagnosis, Likelihood } from '../../core/diagnosis.js';
import { maskText } from '../../core/secret.js';
import { type Facts, toFacts } from './facts.js';
import { apiRules } from './rules/apis.js';
import { appRules } from './rules/app.js';
import { appDataRules } from './rules/app-data.js';
import { browserRules } from './rules/browser.js';
import { callbackRules } from './rules/callback.js';
import { clientRules } from './rules/client.js';
import { clientFileRules } from './rules/client-file.js';
import { codeRules } from './rules/code.js';
import { consentRules } from './rules/consent.js';
import { deviceRules } from './rules/device.js';
import { deviceFlowRules } from './rules/device-flow.js';
import { driveRules } from './rules/drive.js';
import { driveFileRules } from './rules/drive-files.js';
import { environmentRules } from './rules/environment.js';
import { exchangeRules } from './rules/exchange.js';
import { frameworkRules } from './rules/frameworks.js';
import { idTokenRules } from './rules/id-token.js';
import { networkRules } from './rules/network.js';
import { noRefreshTokenRules } from './rules/no-refresh-token.js';
import { originRules } from './rules/origin.js';
import { pkceRules } from './rules/pkce.js';
import { refreshRules } from './rules/refresh.js';
import { revocationRules } from './rules/revocation.js';
import { type Evidence, isAgainst, type Rule, type Usual } from './rules/rule.js';
import { serviceAccountRules } from './rules/service-account.js';
import { type Symptom, symptomOf } from './symptoms/find-symptom.js';
import type { Question } from './symptoms/symptom.js';

/** Every rule. A new cause is one entry in one of these files. */
export const rules: readonly Rule[] = [
  ...codeRules,
  ...clientFileRules,
  ...clientRules,
  ...appRules,
  ...deviceRules,
  ...deviceFlowRules,
  ...browserRules,
  ...originRules,
  ...callbackRules,
  ...frameworkRules,
  ...environmentRules,
  ...consentRules,
  ...exchangeRules,
  ...noRefreshTokenRules,
  ...pkceRules,
  ...refreshRules,
  ...revocationRules,
  ...serviceAccountRules,
  ...idTokenRules,
  ...driveRules,
  ...appDataRules,
  ...apiRules,
  ...driveFileRules,
  ...networkRules,
];

const mostCauses = 5;

/**
 * Ranks the causes that a case's facts speak for, the likeliest first, at most five. Pure.
 *
 * What proves a cause makes it certain, what speaks for it or suggests it likely, what fits it possible;
 * what rules it out takes it off the list. Words of a person prove nothing: they speak for a cause at
 * most, only fit it where the response is an error that this cause does not give, and count against
 * it where they deny it; one such word alone makes a cause possible and no more. In a stage that the rule is not about, each signal says one step less; its
 * own stage fits it, but names no cause alone. A cause that is certain comes first; then the one with
 * more signals that speak for it, then one that is suggested, then the one with more signals that
 * fit, then the one that is the more common cause of this error, then the one whose rule stands first.
 *
 * It is an opinion from evidence: only the server knows why it refused.
 */
export function diagnose(given: Case): Diagnosis[] {
  return examine(given).diagnosis;
}

/** The ranked causes with what could be read out of the case, and what would tell them apart. */
export function examine(given: Case): Examination {
  const facts = toFacts(given);
  const { symptom, diagnosis } = judge(facts);
  const asked = new Set(given.findings?.map(({ cause }) => cause));
  const open = symptom?.questions.filter(({ about }) => about.every((cause) => !asked.has(cause)));
  return {
    facts,
    diagnosis: diagnosis.length > 0 ? diagnosis : judgeElsewhere(given),
    isUsual: symptom !== undefined,
    questions: open ?? [],
  };
}

/** What it may be in another stage than the person named: possible, and no more. */
function judgeElsewhere(given: Case): Diagnosis[] {
  if (given.stage === undefined) return [];
  const { diagnosis } = judge(toFacts({ ...given, stage: undefined }));
  return diagnosis.map((one) => ({ ...one, likelihood: 'possible' }));
}

function judge(facts: Facts): { symptom: Symptom | undefined; diagnosis: Diagnosis[] } {
  const symptom = symptomOf(facts);
  const ranked = rules.flatMap((rule) => weigh(rule, facts, symptom) ?? []).sort(compare);
  const usual = [...(symptom?.causes ?? []), ...(ranked[0]?.rule.alike ?? [])];
  const diagnosis = withAlike(ranked, facts, symptom)
    .slice(0, mostCauses)
    .map(({ rule, evidence, ...counts }) => ({
      cause: rule.cause,
      likelihood: toLikelihood(counts),
      why: rule.why,
      evidence: evidence.map((words) => maskText(words)),
      fix: [rule.fix].flat(),
      docs: rule.docs,
      ...(counts.proves > 0 ? {} : checkOf(usual, rule)),
    }));
  return { symptom, diagnosis };
}

/** The causes that the first one of the list is taken for, with the rest of the list behind it. */
function withAlike(
  ranked: readonly Weighed[],
  facts: Facts,
  symptom: Symptom | undefined,
): readonly Weighed[] {
  const [first, ...others] = ranked;
  const alike = first?.rule.alike;
  if (first === undefined || alike === undefined) return ranked;
  const names = new Set(alike.map(({ cause }) => cause));
  const words = `${first.rule.cause} shows in the same way`;
  const added = alike
    .flatMap(({ cause }) => rules.find((rule) => rule.cause === cause) ?? [])
    .flatMap((rule) => weigh(rule, facts, symptom, words) ?? []);
  const rest = others.filter(({ rule }) => !names.has(rule.cause));
  return [first, ...[...added, ...rest].sort(compare)];
}

/** What examining a case comes to. */
export interface Examination {
  facts: Facts;
  diagnosis: Diagnosis[];
  /** Whether the error is one whose usual causes are known. */
  isUsual: boolean;
  /** What would tell the causes apart and is not yet known; the cheapest first. */
  questions: readonly Question[];
}

/** How many signals of each strength were found. */
interface Counts {
  proves: number;
  speaksFor: number;
  suggests: number;
  fits: number;
  /** Its place among the usual causes of the error, the most common first. */
  place: number;
  /** Whether the response or a fact points to it, or two pieces of evidence that are independent. */
  isBorneOut: boolean;
}

interface Weighed extends Counts {
  rule: Rule;
  evidence: string[];
}

/** @param alike why it is possible even if no signal of its own is found. */
function weigh(
  rule: Rule,
  facts: Facts,
  symptom: Symptom | undefined,
  alike?: string,
): Weighed | undefined {
  if ((facts.provider !== undefined) !== (rule.cause === 'other-provider')) return undefined;
  const place = symptom?.causes.findIndex(({ cause }) => cause === rule.cause) ?? -1;
  const isUsual = place >= 0;
  const all = {
    proves: find(rule.proves, facts),
    speaksFor: find(rule.speaksFor, facts),
    suggests: find(rule.suggests, facts),
    fits: [
      ...find(rule.fits, facts),
      ...(alike === undefined || isUsual ? [] : [[{ words: alike }]]),
    ],
  };
  const findings = facts.findings?.filter(({ cause }) => cause === rule.cause) ?? nothing;
  const isVerdict = (wanted: string) => findings.some(({ verdict }) => verdict === wanted);
  if (findings.length > 0) {
    const established = (wanted: string): Evidence[][] =>
      findings.filter(({ verdict }) => verdict === wanted).map(({ words }) => [{ words }]);
    all.proves = [...all.proves, ...established('proves')];
    all.speaksFor = [...all.speaksFor, ...established('speaks-for')];
    all.fits = [...all.fits, ...established('fits')];
  }
  const { proves: proofs, speaksFor, suggests, fits } = all;
  if (!isUsual && proofs.length + speaksFor.length + suggests.length + fits.length === 0) {
    return undefined;
  }
  if (find(rule.rulesOut, facts).some((one) => !isAgainst(one))) return undefined;
  if (isVerdict('rules-out')) return undefined;
  const found = {
    proves: all.proves.filter((one) => !isAgainst(one)),
    speaksFor: all.speaksFor.filter((one) => !isAgainst(one)),
    suggests: all.suggests.filter((one) => !isAgainst(one)),
    fits: all.fits.filter((one) => !isAgainst(one)),
  };
  const isTold = Object.values(found)
    .flat(2)
    .some((one) => one.isTold);
  const isDenied = !isTold && Object.values(all).flat().some(isAgainst);
  const isSeen = (evidence: readonly Evidence[]) => !evidence.every((one) => one.isTold);
  const proves = found.proves.filter(isSeen).length;
  const strong = [...found.proves, ...found.speaksFor, ...found.suggests];
  const pieces = [...strong, ...found.fits].filter((one) => one.length > 0);
  const counts = {
    proves,
    speaksFor: found.proves.length - proves + found.speaksFor.length,
    suggests: found.suggests.length,
    fits: found.fits.length,
    place: isUsual ? place : Number.POSITIVE_INFINITY,
    isBorneOut: strong.some(isSeen) || pieces.length + (isUsual ? 1 : 0) > 1,
  };
  const evidence = Object.values(found).flat(2);
  if (symptom !== undefined && isUsual) {
    counts.fits += 1;
    evidence.push({ words: symptom.words });
    if (symptom.causes[place]?.isUsual) {
      counts.suggests += 1;
      counts.isBorneOut = true;
    }
  }
  const isElsewhere = facts.stage !== undefined && !rule.stages.includes(facts.stage);
  // An error that this cause does not give: what the person says of it says less.
  const isForeign =
    symptom !== undefined &&
    !symptom.gives(rule.cause) &&
    !Object.values(found).flat().some(isSeen);
  if (isElsewhere || isForeign) lower(counts);
  if (isElsewhere && symptom !== undefined && !symptom.gives(rule.cause)) lower(counts);
  // Whatever the stage: the one that it is taken for shows here.
  if (alike !== undefined) counts.fits = Math.max(counts.fits, 1);
  if ((isDenied || isVerdict('counts-against')) && proves === 0) lower(counts);
  const isNamed = counts.proves + counts.speaksFor + counts.suggests + counts.fits > 0;
  if (!isNamed || evidence.length === 0) return undefined;
  if (!isElsewhere && facts.stage !== undefined) counts.fits += 1;
  return { rule, evidence: [...new Set(evidence.map(({ words }) => words))], ...counts };
}

const nothing: readonly never[] = [];

/** What those of the signals find that find something. */
function find(signals: Rule['proves'], facts: Facts): readonly (readonly Evidence[])[] {
  if (signals === undefined) return nothing;
  if (typeof signals === 'function') {
    const one = signals(facts);
    return one === undefined ? nothing : [one];
  }
  let found: (readonly Evidence[])[] | undefined;
  for (const signal of signals) {
    const one = signal(facts);
    if (one !== undefined) {
      found ??= [];
      found.push(one);
    }
  }
  return found ?? nothing;
}

/** Takes one step off each strength. */
function lower(counts: Counts): void {
  counts.fits = counts.speaksFor + counts.suggests;
  counts.speaksFor = counts.proves;
  counts.proves = 0;
  counts.suggests = 0;
}

function compare(one: Counts, other: Counts): number {
  return (
    Math.sign(other.proves) - Math.sign(one.proves) ||
    other.proves + other.speaksFor - one.proves - one.speaksFor ||
    Math.sign(other.suggests) - Math.sign(one.suggests) ||
    other.fits - one.fits ||
    (one.place === other.place ? 0 : one.place - other.place)
  );
}

function toLikelihood({ proves, speaksFor, suggests, isBorneOut }: Counts): Likelihood {
  if (proves > 0) return 'certain';
  return speaksFor + suggests > 0 && isBorneOut ? 'likely' : 'possible';
}

/** What tells this cause from the others of the same error. */
function checkOf(usual: readonly Usual[], { cause }: Rule): Pick<Diagnosis, 'check'> {
  const check = usual.find((one) => one.cause === cause && one.check !== undefined)?.check;
  return check === undefined ? {} : { check };
}
