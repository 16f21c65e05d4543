import type { Case } from '../../../core/diagnosis.js';
import type { Facts } from '../facts.js';
import type { Usual } from '../rules/rule.js';
import { apiSymptoms } from './apis.js';
import { bareSymptoms } from './bare.js';
import { clientSymptoms } from './client.js';
import { idTokenSymptoms } from './id-token.js';
import { oauthSymptoms } from './oauth.js';
import { phoneSymptoms } from './phone.js';
import type { Question } from './symptom.js';
import { webSymptoms } from './web.js';

/** The error of a case, with its usual causes. */
export interface Symptom {
  words: string;
  causes: readonly Usual[];
  /** Whether this cause gives this error at all. */
  gives(cause: string): boolean;
  questions: readonly Question[];
}

const symptoms = [
  ...oauthSymptoms,
  ...clientSymptoms,
  ...apiSymptoms,
  ...phoneSymptoms,
  ...idTokenSymptoms,
  ...webSymptoms,
  ...bareSymptoms,
];

/** The first error of the list that a case shows. */
export function symptomOf(facts: Facts): Symptom | undefined {
  for (const { shows, causes, also = [], questions = [] } of symptoms) {
    const [found] = shows(facts) ?? [];
    if (found === undefined || found.isDenied) continue;
    const giving = new Set([...causes.map(({ cause }) => cause), ...also]);
    const isOpen = ({ yes }: Question) =>
      Object.keys(yes.given).every(
        (name) =>
          name === 'findings' || !(name in facts) || facts[name as keyof Case] === undefined,
      );
    return {
      words: found.words,
      causes,
      gives: (cause) => giving.has(cause),
      questions: questions.filter(isOpen),
    };
  }
  return undefined;
}
