/** As many as are remembered. */
const MOST = 65_536;

/**
 * The sets of scopes that access tokens name by a number. The oldest are forgotten when there are too
 * many; their numbers are never given again.
 */
export class ScopeSets {
  readonly #sets = new Map<number, readonly string[]>();
  readonly #numbers = new Map<string, number>();
  #next = 0;

  /** The number of a set, which is new where it is not known. */
  numberOf(scopes: readonly string[]): number {
    return this.#numbers.get(scopes.join(' ')) ?? this.#add(scopes);
  }

  /** The set of a number; undefined for one that is forgotten. */
  get(number: number): readonly string[] | undefined {
    return this.#sets.get(number);
  }

  /** The sets that are remembered, oldest first, and the number of the first. */
  save(): { first: number; sets: readonly (readonly string[])[] } {
    return { first: this.#next - this.#sets.size, sets: [...this.#sets.values()] };
  }

  /** Takes over what was saved, before any other set is known. */
  restore(first: number, sets: Iterable<readonly string[]>): void {
    this.#next = first;
    for (const scopes of sets) this.#add(scopes);
  }

  #add(scopes: readonly string[]): number {
    const number = this.#next++;
    this.#sets.set(number, [...scopes]);
    this.#numbers.set(scopes.join(' '), number);
    const forgotten = this.#sets.get(number - MOST);
    if (forgotten) {
      this.#sets.delete(number - MOST);
      this.#numbers.delete(forgotten.join(' '));
    }
    return number;
  }
}
