import type { Diagnosis } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';
import type { HttpRecord } from '../../core/http-record.js';
import type { KnownSecrets } from '../../core/secret.js';
import type { Cause, CheckOutcome, CheckResult, SkipKind } from './model.js';

/** What a check was held to and what came. */
export interface Finding {
  expected: string;
  seen: string;
}

/** What is made of what a check's work brought. */
export type Judgement = Pick<CheckResult, 'outcome' | 'seen' | 'skip'>;

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

  /** The checks in the order in which they were written down, with the causes of all failures. */
  async completed(): Promise<readonly CheckResult[]> {
    await Promise.all(this.#searches);
    return this.#results;
  }

  /** How a check ended; undefined if nothing is known of it. */
  outcomeOf(id: string): CheckOutcome | undefined {
    return this.#results.find((result) => result.id === id)?.outcome;
  }

  /**
   * Writes down a check that only looks at what is there already.
   *
   * @param findCauses asked where it failed.
   */
  judge(id: string, ok: boolean, finding: Finding, findCauses?: () => Promise<Diagnosis[]>): void {
    this.#add(id, { outcome: ok ? 'pass' : 'fail', ...finding });
    if (!ok && findCauses !== undefined) this.#addCauses(findCauses());
  }

  /** Writes down a check that need not run, and why. */
  skip(id: string, skip: Exclude<SkipKind, 'blocked'>, why: string, expected = ''): void {
    this.#add(id, { outcome: 'skip', expected, seen: why, skip });
  }

  /**
   * Writes down checks that were to run and cannot, all but those of which something is known already.
   *
   * @param blockedBy the check whose failure, or blocking, is the reason; undefined where none is.
   */
  block(
    ids: string | readonly string[],
    why: string,
    blockedBy: string | undefined,
    expected = '',
  ): void {
    for (const id of [ids].flat()) {
      if (this.outcomeOf(id) !== undefined) continue;
      this.#add(id, { outcome: 'skip', expected, seen: why, skip: 'blocked', blockedBy });
    }
  }

  /**
   * Runs the work behind a check and judges what it brought, which is returned. Where the work
   * throws, the check fails, and undefined is returned.
   *
   * @param judge what was seen where it passes, else a judgement.
   * @throws {GsacError} what is no finding about the flow: wrong input (2), a store that refuses, with
   *   what it could not keep (5), and the person's cancelling.
   */
  async attempt<T>(
    id: string,
    expected: string,
    work: () => Promise<T>,
    judge: (brought: T) => string | Judgement,
  ): Promise<T | undefined> {
    const begun = this.#begin();
    try {
      const brought = await work();
      const judged = judge(brought);
      const judgement = typeof judged === 'string' ? toJudgement(true, judged) : judged;
      this.#add(id, { expected, ...judgement }, begun);
      return brought;
    } catch (thrown) {
      if (!(thrown instanceof GsacError) || !findings.has(thrown.exitCode)) throw thrown;
      const { code: error, message: seen } = thrown;
      this.#add(id, { outcome: 'fail', expected, seen, error, refusal: refusalOf(thrown) }, begun);
      this.#addCauses(
        this.#options
          .diagnose(thrown)
          .then((causes) => (causes.length > 0 ? causes : adviceOf(thrown))),
      );
      return undefined;
    }
  }

  #begin(): { startedMs: number; requests: number } {
    return { startedMs: this.#options.elapsed(), requests: this.#options.requests.length };
  }

  /** Adds causes to the check written down last, once they are found. */
  #addCauses(found: Promise<readonly Cause[]>): void {
    const at = this.#results.length - 1;
    this.#searches.push(
      found.then((all) => {
        const result = this.#results[at];
        if (result === undefined || all.length === 0) return;
        const causes = all.slice(0, namedCauses).map(({ cause, likelihood, why, fix }) => ({
          cause,
          likelihood,
          why: this.#mask(why),
          fix: fix.map((step) => this.#mask(step)),
        }));
        this.#results[at] = { ...result, causes };
      }),
    );
  }

  #add(
    id: string,
    result: Omit<CheckResult, 'id' | 'title' | 'startedMs' | 'durationMs' | 'requests'>,
    begun = this.#begin(),
  ): void {
    const { titles, requests } = this.#options;
    const made = requests.slice(begun.requests);
    const { outcome, expected, seen, ...details } = result;
    this.#results.push({
      id,
      title: titles[id] ?? id,
      outcome,
      expected: this.#mask(expected),
      seen: this.#mask(seen),
      startedMs: begun.startedMs,
      // What loading our own parts took says nothing of the flow.
      durationMs: made.reduce((sum, { durationMs }) => sum + durationMs, 0),
      requests: made.map((_, at) => begun.requests + at),
      ...details,
    });
  }

  #mask(text: string): string {
    return this.#options.secrets.mask(text);
  }
}

/** What an error itself advises if no rule knows more. */
function adviceOf({ code, message, hint }: GsacError): Cause[] {
  return hint === undefined
    ? []
    : [{ cause: code, likelihood: 'likely', why: message, fix: [hint] }];
}

/** The judgement of a check that passes or fails. */
export function toJudgement(ok: boolean, seen: string): Judgement {
  return { outcome: ok ? 'pass' : 'fail', seen };
}

/** The server's own word for a refusal. */
function refusalOf({ details }: GsacError): string | undefined {
  const google = details['google'];
  if (typeof google !== 'object' || google === null || !('error' in google)) return undefined;
  return typeof google.error === 'string' && google.error !== '' ? google.error : undefined;
}
