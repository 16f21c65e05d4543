import { isNear } from '../check-value.js';
import { FAULTS } from './faults.js';

const MOST = 3;

/**
 * Finds the faults that somebody meant by a name that does not exist: those whose name or summary has
 * its words, rare words first, or that differ from it by a letter or two.
 */
export function suggestFaults(given: string): readonly string[] {
  const typed = given.slice(0, 80);
  const wanted = new Set(wordsOf(typed));
  const scores: number[] = FAULTS.map(({ name }) => (isNear(typed, name) ? 2 : 0));
  for (const word of wanted) {
    const found = FAULTS.map(({ name, summary }) =>
      has(name, word) ? 1 : has(summary, word) ? 0.3 : 0,
    );
    const rarity = 1 / found.filter((one) => one === 1).length;
    for (const [at, one] of found.entries()) {
      scores[at] = (scores[at] ?? 0) + one * Math.min(rarity, 1);
    }
  }
  const best = Math.max(...scores);
  return FAULTS.map(({ name }, at) => ({ name, score: scores[at] ?? 0 }))
    .filter(({ score }) => score > 0 && score > best * 0.4)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** The end of a sentence that says what was meant; empty if nobody can tell. */
export function didYouMean(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return '';
  const list = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
  return `; did you mean ${list}?`;
}

function has(text: string, word: string): boolean {
  return wordsOf(text).some((one) => one === word || (word.length > 3 && one.startsWith(word)));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]{2,}/g) ?? [];
}
