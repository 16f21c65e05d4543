/** The shortest value that is looked for elsewhere: shorter ones stand in every text. */
const leastLearned = 8;
/** How many values are kept: an echo comes with the answer, and thousands of flows may share a trace. */
const mostLearned = 1_000;

/** Secrets that are known for what they are, whatever they look like: servers echo them anywhere. */
export interface KnownSecrets extends Iterable<string> {
  /** Remembers a value; one that is too short to be told from other text is passed over. */
  learn(secret: string | undefined): void;
}

/** Creates an empty set of secrets. The thousand that were learnt last are kept. */
export function createKnownSecrets(): KnownSecrets {
  const known = new Set<string>();
  return {
    learn(secret) {
      if (secret === undefined || secret.length < leastLearned) return;
      known.delete(secret);
      known.add(secret);
      for (const oldest of known) {
        if (known.size <= mostLearned) break;
        known.delete(oldest);
      }
    },
    [Symbol.iterator]: () => known[Symbol.iterator](),
  };
}
