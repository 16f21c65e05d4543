import type { Case } from '../../../core/diagnosis.js';
import type { Signal, Usual } from '../rules/rule.js';

/** What an answer to a question establishes, and the flag that would have said it. */
export interface Answer {
  flag: string;
  given: Pick<Case, 'stage' | 'publishingStatus' | 'findings'>;
}

/** A question to be answered with yes or no. */
export interface Question {
  ask: string;
  /** What it settles: a cause that something is known of is not asked about again. */
  about: readonly string[];
  yes: Answer;
  no: Answer;
}

/** An error that several causes give. */
export interface SymptomEntry {
  shows: Signal;
  /** The few causes that give it, the most common first. */
  causes: readonly Usual[];
  /** Causes that can give it, too, and need evidence of their own. */
  also?: readonly string[];
  /** What would tell the causes apart; the cheapest first. */
  questions?: readonly Question[];
}
