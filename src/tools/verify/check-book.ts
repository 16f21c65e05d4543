import type { Diagnosis } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';
import type { HttpRecord } from '../../core/http-record.js';
import type { KnownSecrets } from '../../core/secret.js';
import type { CheckResult, SkipKind } from './model.js';

/** What a check was held to and what came. */
export interface Finding {
  expected: string;
  seen: string;
}

/** What a book of checks is kept with. */
export interface CheckBookOptions {
  /** Each check's title by its id. */
  titles: Readonly<Record<string, string>>;
  /** Milliseconds since the start of the flow. */
  elapsed: () => number;
  /** The requests that the flow has made so far. */
  requests: readonly HttpRecord[];
  /** Finds the causes of a failure, by what the flow is about at this moment. */
  diagnose: (error: GsacError) => Promise<Diagnosis[]>;
  /** What is masked whatever it looks like. */
  secrets: KnownSecrets;
}

/** The exit codes of failures that say something of the flow: the network's, and a refusal. */
const findings: ReadonlySet<number> = new Set([3, 4]);
/** How many causes a failed check names. */
const namedCauses = 3;

/** Writes down what became of each check of a flow. */
export class CheckBook {
  readonly #options: CheckBookOptions;
  readonly #results: CheckResult[] = [];
  readonly #searches: Promise<void>[] = [];

  constructor(options: CheckBookOptions) {
    this.#options = options;
  }

  /** In the order in which they were written down. */
  get results(): readonly CheckResult[] {
    return this.#results;
  }

  /** Waits until the causes of all failures are written down. */
  async completed(): Promise<readonly CheckResult[]> {
    await Promise.all(this.#searches);
    return this.#results;
  }

  /** Whether a check has passed. */
  passed(id: string): boolean {
    return this.#results.some((result) => result.id === id && result.outcome === 'pass');
  }

  /** Whether a check has failed. */
  failed(id: string): boolean {
    return this.#results.some((result) => result.id === id && result.outcome === 'fail');
  }

  /** Whether anything is known of a check. */
  has(id: string): boolean {
    return this.#results.some((result) => result.id === id);
  }

  /**
   * Writes down a check that only looks at what is there already.
   *
   * @param findCauses asked where it failed.
   */
  judge(id: string, ok: boolean, finding: Finding, findCauses?: () => Promise<Diagnosis[]>): void {
    this.#add(id, { outcome: ok ? 'pass' : 'fail', ...finding });
    if (!ok && findCauses !== undefined) {
      this.#addCauses(findCauses().then((causes) => this.#toCauses(causes)));
    }
  }

  /** Writes down a check that need not run, and why; `begun` where it took requests to know. */
  skip(
    id: string,
    skip: Exclude<SkipKind, 'blocked'>,
    why: string,
    expected = '',
    begun = this.begin(),
  ): void {
    this.#add(id, { outcome: 'skip', expected, seen: why, skip }, begun);
  }

  /**
   * Writes down a check that was to run and cannot.
   *
   * @param blockedBy the check whose failure, or blocking, is the reason; undefined where none is.
   */
  block(id: string, why: string, blockedBy: string | undefined, expected = ''): void {
    const by = blockedBy === undefined ? {} : { blockedBy };
    this.#add(id, { outcome: 'skip', expected, seen: why, skip: 'blocked', ...by });
  }

  /**
   * Runs the work behind a check: it passes where the work is done, and fails where that throws.
   * Returns what the work brought, undefined where it failed.
   *
   * @throws {GsacError} as {@link fail} does.
   */
  async attempt<T>(
    id: string,
    expected: string,
    work: () => Promise<T>,
    describe: (value: T) => string,
  ): Promise<T | undefined> {
    const begun = this.begin();
    try {
      const value = await work();
      this.#add(id, { outcome: 'pass', expected, seen: describe(value) }, begun);
      return value;
    } catch (thrown) {
      this.fail(id, expected, thrown, begun);
      return undefined;
    }
  }

  /** The moment at which a check begins, for {@link fail} and {@link conclude}. */
  begin(): { startedMs: number; requests: number } {
    return { startedMs: this.#options.elapsed(), requests: this.#options.requests.length };
  }

  /** Writes down a check whose work began at `begun` and is judged now. */
  conclude(
    id: string,
    ok: boolean,
    finding: Finding,
    begun: { startedMs: number; requests: number },
  ): void {
    this.#add(id, { outcome: ok ? 'pass' : 'fail', ...finding }, begun);
  }

  /**
   * Writes down a failure with its error.
   *
   * @throws {GsacError} what is no finding about the flow: wrong input (2), a store that refuses, with
   *   what it could not keep (5), and the person's cancelling.
   */
  fail(
    id: string,
    expected: string,
    thrown: unknown,
    begun: { startedMs: number; requests: number } = this.begin(),
  ): void {
    if (!(thrown instanceof GsacError) || !findings.has(thrown.exitCode)) throw thrown;
    this.#add(
      id,
      {
        outcome: 'fail',
        expected,
        seen: thrown.message,
        error: thrown.code,
        ...toRefusal(thrown),
      },
      begun,
    );
    this.#addCauses(
      this.#options
        .diagnose(thrown)
        .then((causes) => (causes.length > 0 ? this.#toCauses(causes) : this.#toHint(thrown))),
    );
  }

  /** Adds causes to the check written down last, once they are found. */
  #addCauses(found: Promise<Pick<CheckResult, 'causes'>>): void {
    const at = this.#results.length - 1;
    this.#searches.push(
      found.then((causes) => {
        const result = this.#results[at];
        if (result !== undefined) this.#results[at] = { ...result, ...causes };
      }),
    );
  }

  #add(
    id: string,
    result: Omit<CheckResult, 'id' | 'title' | 'startedMs' | 'durationMs' | 'requests'>,
    begun = this.begin(),
  ): void {
    const { titles, requests } = this.#options;
    const { startedMs } = begun;
    let durationMs = 0;
    const made: number[] = [];
    for (let at = begun.requests; at < requests.length; at += 1) {
      durationMs += requests[at]?.durationMs ?? 0;
      made.push(at);
    }
    const { outcome, expected, seen, ...details } = result;
    this.#results.push({
      id,
      title: titles[id] ?? id,
      outcome,
      expected: this.#mask(expected),
      seen: this.#mask(seen),
      startedMs,
      // What loading our own parts took says nothing of the flow.
      durationMs,
      requests: made,
      ...details,
    });
  }

  #mask(text: string): string {
    return this.#options.secrets.mask(text);
  }

  #toCauses(causes: readonly Diagnosis[]): Pick<CheckResult, 'causes'> {
    if (causes.length === 0) return {};
    return {
      causes: causes.slice(0, namedCauses).map(({ cause, likelihood, why, fix }) => ({
        cause,
        likelihood,
        why: this.#mask(why),
        fix: fix.map((step) => this.#mask(step)),
      })),
    };
  }

  /** What an error itself advises, where no rule knows more. */
  #toHint({ code, message, hint }: GsacError): Pick<CheckResult, 'causes'> {
    if (hint === undefined) return {};
    const fix = [this.#mask(hint)];
    return { causes: [{ cause: code, likelihood: 'likely', why: this.#mask(message), fix }] };
  }
}

/** The server's own word for a refusal. */
function toRefusal({ details }: GsacError): Pick<CheckResult, 'refusal'> {
  const google = details['google'];
  if (typeof google !== 'object' || google === null || !('error' in google)) return {};
  const { error } = google;
  return typeof error === 'string' && error !== '' ? { refusal: error } : {};
}
