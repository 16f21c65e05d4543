import type { InterceptionEvent } from './policy.js';

/** A thing that happened several times. */
export type Counted<T> = T & { readonly count: number };

/** A program may ask any number of hosts. */
const mostKinds = 1_000;

/** Counts things that happen again and again; the first thousand different ones. */
export class Counter<T extends object> {
  readonly #found = new Map<string, Counted<T>>();

  /** Counts one of them. */
  add(what: T): void {
    const key = JSON.stringify(what);
    const known = this.#found.get(key);
    if (known === undefined && this.#found.size >= mostKinds) return;
    this.#found.set(key, { ...what, count: (known?.count ?? 0) + 1 });
  }

  /** Everything so far, the most frequent first. */
  get list(): readonly Counted<T>[] {
    return [...this.#found.values()].sort((one, other) => other.count - one.count);
  }
}

type Kind = InterceptionEvent['kind'];
type Seen<K extends Kind> = Omit<Extract<InterceptionEvent, { kind: K }>, 'kind'>;

/** What went through a proxy, counted. */
export type Tally = { readonly [K in Kind]: readonly Counted<Seen<K>>[] };

/** Counts what a proxy observes, kind by kind. */
export class Journal {
  readonly #kinds: { readonly [K in Kind]: Counter<Seen<K>> } = {
    request: new Counter(),
    tunnelled: new Counter(),
    refused: new Counter(),
    untrusted: new Counter(),
    unreachable: new Counter(),
    forbidden: new Counter(),
  };

  /** Counts one event. */
  add({ kind, ...what }: InterceptionEvent): void {
    const counter: Counter<object> = this.#kinds[kind];
    counter.add(what);
  }

  /** Everything so far, the most frequent first. */
  get tally(): Tally {
    const lists = Object.entries(this.#kinds).map(([kind, { list }]) => [kind, list]);
    return Object.fromEntries(lists) as Tally;
  }
}
