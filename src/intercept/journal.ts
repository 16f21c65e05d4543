import type { InterceptionEvent, Unreadable } from './policy.js';

/** A thing that happened several times. */
export type Counted<T> = T & { readonly count: number };

/** What went through a proxy, counted. */
export interface Tally {
  /** Requests to each of Google's hosts. */
  readonly requests: readonly Counted<{ host: string }>[];
  readonly tunnelled: readonly Counted<{ host: string; port: number; why: string }>[];
  readonly refused: readonly Counted<{ host: string; port: number; why: Unreadable }>[];
  readonly untrusted: readonly Counted<{ host: string; reason: string }>[];
  readonly unreachable: readonly Counted<{ host: string; reason: string }>[];
  readonly forbidden: readonly Counted<{ reason: string }>[];
}

/** A program may ask any number of hosts. */
const mostKinds = 1_000;

/** Counts what a proxy observes; the first thousand different things of each kind. */
export class Journal {
  readonly #kinds = new Map<InterceptionEvent['kind'], Map<string, Counted<object>>>();

  /** Counts one event. */
  add({ kind, ...what }: InterceptionEvent): void {
    const counted = this.#kinds.get(kind) ?? new Map<string, Counted<object>>();
    this.#kinds.set(kind, counted);
    const key = JSON.stringify(what);
    const known = counted.get(key);
    if (known === undefined && counted.size >= mostKinds) return;
    counted.set(key, { ...what, count: (known?.count ?? 0) + 1 });
  }

  /** Everything so far, the most frequent first. */
  get tally(): Tally {
    const of = <T>(kind: InterceptionEvent['kind']) =>
      [...(this.#kinds.get(kind)?.values() ?? [])].sort(
        (one, other) => other.count - one.count,
      ) as unknown as readonly Counted<T>[];
    return {
      requests: of('request'),
      tunnelled: of('tunnelled'),
      refused: of('refused'),
      untrusted: of('untrusted'),
      unreachable: of('unreachable'),
      forbidden: of('forbidden'),
    };
  }
}
