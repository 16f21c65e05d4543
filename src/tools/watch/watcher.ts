import type { Context } from '../../core/context.js';
import type { Case, Diagnosis } from '../../core/diagnosis.js';
import { createExchangeMasking } from '../../core/exchange-masking.js';
import type { HttpRecord } from '../../core/http-record.js';
import { createKnownSecrets } from '../../core/secret.js';
import { isSecretField } from '../../core/secret-fields.js';
import type { TokenSet } from '../../core/token-answer.js';
import type { History } from './account-history.js';
import { type Finding, findWrongs } from './findings.js';
import { headerOf, type Sighting } from './policy.js';
import { readRefusal } from './refusal.js';
import { RunMemory, readTokenRequest, type TokenRequest } from './run-memory.js';
import { ScopeLedger } from './scope-use.js';
import { type Circumstances, toCase } from './to-case.js';

/** A request that failed, with its causes; secrets masked. */
export interface Refusal {
  readonly request: HttpRecord;
  /** Method and address without the query. */
  readonly what: string;
  readonly error: string;
  readonly description: string;
  /** What gsac saw beside the response, a phrase each. */
  readonly seen: readonly string[];
  readonly diagnosis: readonly Diagnosis[];
  /** How often the same was refused for the same reason. */
  count: number;
}

/** What is told while the program runs; the first of its kind or one of several. */
export interface Told {
  /** Each request, with its refusal if it was refused. */
  request?(record: HttpRecord, refusal: Refusal | undefined): void;
  refusal?(refusal: Refusal, isNew: boolean): void;
  finding(finding: Finding): void;
}

/** How much is kept for reports. */
const most = { requests: 10_000, characters: 32_000_000, kinds: 1_000, body: 16_000 };

/** Follows the requests of a program, explains what fails, and keeps what reports need, masked. */
export class Watcher {
  readonly memory = new RunMemory();
  readonly scopes = new ScopeLedger(this.memory);
  readonly requests: HttpRecord[] = [];
  readonly refusals = new Map<string, Refusal>();
  readonly findings = new Map<string, Finding>();
  /** Requests by host, and how many of them failed. */
  readonly hosts = new Map<string, { count: number; refused: number }>();
  #characters = 0;
  #total = 0;
  /** The newest difference between this machine's clock and Google's. */
  #clockAheadSeconds: number | undefined;
  #queue: Promise<void> = Promise.resolve();
  #failure: unknown;
  readonly #secrets = createKnownSecrets();
  readonly #masking = createExchangeMasking(false, this.#secrets);
  readonly #context: Pick<Context, 'diagnose' | 'now'>;
  readonly #told: readonly Told[];
  readonly #history: (request: TokenRequest) => Promise<History>;

  constructor(
    context: Pick<Context, 'diagnose' | 'now'>,
    told: readonly Told[],
    history: (request: TokenRequest) => Promise<History>,
  ) {
    this.#context = context;
    this.#told = told;
    this.#history = history;
  }

  /** How many requests there were, and how many of them are not among {@link requests}. */
  get counts(): { total: number; leftOut: number } {
    return { total: this.#total, leftOut: this.#total - this.requests.length };
  }

  /** Takes a request that is over. It is looked at in its turn. */
  see(sighting: Sighting): void {
    this.#queue = this.#queue
      .then(() => this.#look(sighting))
      .catch((thrown: unknown) => {
        this.#failure ??= thrown;
      });
  }

  /** Resolves when everything that was seen has been looked at. @throws what looking at it threw. */
  async settled(): Promise<void> {
    await this.#queue;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #look(sighting: Sighting): Promise<void> {
    this.#total += 1;
    const { endpoint, host } = sighting;
    this.#readClock(sighting);
    const request = endpoint === 'token' ? readTokenRequest(sighting) : undefined;
    const code = request?.fields.get('code') ?? '';
    const known = code === '' ? undefined : this.memory.codes.get(code);
    const circumstances: Circumstances = {
      memory: this.memory,
      request,
      codeBefore: known && { ...known },
      clockAheadSeconds: this.#clockAheadSeconds,
    };
    if (code !== '') this.memory.noteCode(code, sighting.startedAt);
    const tokens = request && this.memory.learn(sighting, request);
    if (endpoint === 'authorize') this.memory.learnAuthorization(sighting);
    this.#learnSecrets(request, tokens);
    const record = this.#keep(sighting);
    const refused = readRefusal(sighting);
    const counted = this.hosts.get(host) ?? { count: 0, refused: 0 };
    this.hosts.set(host, counted);
    counted.count += 1;
    if (refused === undefined) this.scopes.call(sighting);
    const granted = tokens?.accessToken && this.memory.accessTokens.get(tokens.accessToken);
    if (granted) this.scopes.grant(granted.grant);
    let refusal: Refusal | undefined;
    if (refused !== undefined) {
      counted.refused += 1;
      refusal = await this.#explain(sighting, record, refused, circumstances);
    }
    for (const told of this.#told) told.request?.(record, refusal);
    const { diagnose, now } = this.#context;
    const wrongs = await findWrongs({
      ...circumstances,
      sighting,
      refused,
      tokens,
      diagnose,
      now: now(),
    });
    for (const wrong of wrongs) this.#tell(wrong);
  }

  async #explain(
    sighting: Sighting,
    record: HttpRecord,
    { error, description }: { error: string; description: string },
    circumstances: Circumstances,
  ): Promise<Refusal> {
    const { given, seen } = toCase(sighting, { error, description }, circumstances);
    const { request } = circumstances;
    const history = request && (await this.#history(request));
    const whole: Case = merge(history?.given ?? {}, given);
    const diagnosis = await this.#context.diagnose.case(whole);
    const { mask } = this.#secrets;
    const refusal: Refusal = {
      request: record,
      what: mask(`${sighting.method} ${sighting.host}${sighting.path.slice(0, 200)}`),
      error: this.#masking.answerBody(error),
      description: this.#masking.answerBody(description),
      seen: [...seen, ...(history?.seen ?? [])].map(mask),
      diagnosis: diagnosis.map((one) => ({ ...one, evidence: one.evidence.map(mask) })),
      count: 1,
    };
    const key = JSON.stringify([refusal.what, record.status, error, diagnosis[0]?.cause]);
    const before = this.refusals.get(key);
    if (before !== undefined) before.count += 1;
    else if (this.refusals.size < most.kinds) this.refusals.set(key, refusal);
    for (const told of this.#told) told.refusal?.(refusal, before === undefined);
    return refusal;
  }

  #tell(finding: Finding): void {
    const { mask } = this.#secrets;
    const masked: Finding = {
      ...finding,
      message: mask(finding.message),
      hint: mask(finding.hint),
      diagnosis: finding.diagnosis.map((one) => ({ ...one, evidence: one.evidence.map(mask) })),
    };
    // Times in a message differ each time; of a clock it is enough to hear once.
    const key =
      finding.code === 'clock_differs' ? finding.code : `${masked.code} ${masked.message}`;
    if (this.findings.has(key) || this.findings.size >= most.kinds) return;
    this.findings.set(key, masked);
    for (const told of this.#told) told.finding(masked);
  }

  #learnSecrets(request: TokenRequest | undefined, tokens: TokenSet | undefined): void {
    for (const [name, value] of request?.fields ?? []) {
      if (isSecretField(name)) this.#secrets.learn(value);
    }
    for (const token of [tokens?.accessToken, tokens?.refreshToken, tokens?.idToken]) {
      this.#secrets.learn(token);
    }
  }

  #readClock({ responseHeaders, startedAt, durationMs }: Sighting): void {
    const date = Date.parse(headerOf(responseHeaders, 'date') ?? '');
    if (Number.isNaN(date)) return;
    this.#clockAheadSeconds = Math.round((startedAt + durationMs - date) / 1000);
  }

  #keep(sighting: Sighting): HttpRecord {
    const { method, url, startedAt, durationMs, status, failure } = sighting;
    const { requestHeaders, requestBody, responseHeaders, responseBody = '' } = sighting;
    const masking = this.#masking;
    const record: HttpRecord = {
      method,
      url: masking.url(url),
      startedAt,
      durationMs,
      requestHeaders: requestHeaders.map(([name, value]) => [name, masking.field(name, value)]),
      requestBody: requestBody === undefined ? undefined : masking.sentBody(requestBody),
      status,
      responseHeaders: responseHeaders.map(([name, value]) => [
        name,
        masking.answerHeader(name, value),
      ]),
      responseBody: masking.answerBody(responseBody).slice(0, most.body),
      failure,
    };
    this.#characters += JSON.stringify(record).length;
    if (this.requests.length < most.requests && this.#characters < most.characters) {
      this.requests.push(record);
    }
    return record;
  }
}

/** What was seen in this run, and what gsac knows from before where the run does not know better. */
function merge(history: Case, seen: Case): Case {
  const known = Object.entries(seen).filter(([, value]) => value !== undefined);
  return { ...history, ...Object.fromEntries(known) };
}
