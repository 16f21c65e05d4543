import { maskText } from './secret.js';

/** The shortest value that is looked for elsewhere: shorter ones stand in every text. */
const leastLearned = 8;
/** How many values are kept: an echo comes with the answer, and thousands of flows may share a trace. */
const mostLearned = 1_000;

/** Secrets that are known for what they are, whatever they look like: servers echo them anywhere. */
export interface KnownSecrets {
  /** Remembers a value; one that is too short to be told from other text is passed over. */
  learn(secret: string | undefined): void;
  /** Masks them, and what {@link maskText} knows by its shape. */
  mask(text: string): string;
}

/** Creates an empty set of secrets. The thousand that were learnt last are kept. */
export function createKnownSecrets(): KnownSecrets {
  /** Each with the part of it that is the same however it is written. */
  const cores = new Map<string, string>();
  return {
    learn(secret) {
      if (secret === undefined || secret.length < leastLearned) return;
      cores.delete(secret);
      cores.set(secret, coreOf(secret));
      for (const oldest of cores.keys()) {
        if (cores.size <= mostLearned) break;
        cores.delete(oldest);
      }
    },
    mask(text) {
      // Hardly a text holds any: to write each in all its forms takes longer than all else.
      const present: string[] = [];
      for (const [secret, core] of cores) if (text.includes(core)) present.push(secret);
      return maskText(text, present);
    },
  };
}

/** The longest run of letters and digits: forms, JSON and HTML write those as they are. */
function coreOf(secret: string): string {
  const runs = secret.match(/[A-Za-z\d]+/g) ?? [''];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest));
}
