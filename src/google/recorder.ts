import { createExchangeMasking } from '../core/exchange-masking.js';
import type { HttpRecord } from '../core/http-record.js';
import type { KnownSecrets } from '../core/secret.js';
import type { Trace } from './http.js';

/** The longest body that is kept; what gsac looks at is far shorter, listings apart. */
const maxBodyCharacters = 16_000;

/** How the requests of one of several flows are recorded. */
export interface Recording {
  /** Told every request when its answer is whole or its failure known. */
  record: (entry: HttpRecord) => void;
  /** Whether the fetching of the issuer's keys is recorded, too; else it is shared. */
  ownKeys: boolean;
  /** Whether headers and bodies are left out. */
  brief: boolean;
  /** What is masked whatever it looks like; what is sent as a secret is added. */
  secrets: KnownSecrets;
}

/**
 * Builds a trace that keeps every request with its answer, secrets masked whatever `--show-secrets`
 * says: what is kept goes into reports. Requests must not overlap, as those of one flow do not.
 *
 * @param further a trace that is told the same, undefined for none.
 */
export function createRecorder(
  { record, brief, secrets }: Omit<Recording, 'ownKeys'>,
  now: () => number,
  further: Trace | undefined,
): Trace {
  const masking = createExchangeMasking(false, secrets);
  type Sent = Pick<HttpRecord, 'method' | 'url' | 'startedAt' | 'requestHeaders' | 'requestBody'>;
  let sent: Sent | undefined;

  function finish(came: Omit<HttpRecord, 'durationMs' | keyof Sent>, durationMs: number): void {
    if (sent === undefined) return;
    const { method, url, startedAt, requestHeaders, requestBody } = sent;
    sent = undefined;
    // In the order in which reports show it.
    record({ method, url, startedAt, durationMs, requestHeaders, requestBody, ...came });
  }

  return {
    request(request) {
      further?.request(request);
      const { method, url, body } = request;
      const headers = brief ? [] : Object.entries(request.headers);
      sent = {
        method,
        url: masking.url(url),
        startedAt: now(),
        requestHeaders: headers.map(([name, value]) => [name, masking.field(name, value)]),
        requestBody: brief || body === undefined ? undefined : masking.sentBody(body),
      };
    },
    answer({ status, headers }, text, milliseconds) {
      further?.answer({ status, headers }, text, milliseconds);
      const responseBody = brief ? '' : masking.answerBody(text).slice(0, maxBodyCharacters);
      const responseHeaders = (brief ? [] : [...headers]).map(([name, value]): [string, string] => [
        name,
        masking.answerHeader(name, value),
      ]);
      finish({ status, responseHeaders, responseBody, failure: undefined }, milliseconds);
    },
    failure(message, milliseconds) {
      further?.failure(message, milliseconds);
      const failure = masking.text(message);
      const nothing = { status: undefined, responseHeaders: [], responseBody: '' };
      finish({ ...nothing, failure }, milliseconds);
    },
  };
}
