import { createExchangeMasking } from '../core/exchange-masking.js';
import type { HttpRecord } from '../core/http-record.js';
import type { KnownSecrets } from '../core/secret.js';
import type { Trace } from './http.js';

/** The longest body that is kept; what gsac looks at is far shorter, listings apart. */
const maxBodyCharacters = 16_000;

/** The part of a record that is known in the end. */
type Came = Pick<HttpRecord, 'status' | 'responseHeaders' | 'responseBody' | 'failure'>;

/**
 * Builds a trace that keeps every request with its answer, secrets masked whatever `--show-secrets`
 * says: what is kept goes into reports. Requests must not overlap, as those of one flow do not.
 *
 * @param record told each request when its answer is whole or its failure known.
 * @param now epoch milliseconds.
 * @param how.brief leaves headers and bodies out.
 * @param how.secrets are masked whatever they look like.
 * @param further a trace that is told the same, undefined for none.
 */
export function createRecorder(
  record: (entry: HttpRecord) => void,
  now: () => number,
  { brief, secrets }: { brief: boolean; secrets: KnownSecrets },
  further: Trace | undefined,
): Trace {
  const masking = createExchangeMasking(false, secrets);
  let sent: Omit<HttpRecord, 'durationMs' | keyof Came> | undefined;

  function finish(came: Came, durationMs: number): void {
    if (sent === undefined) return;
    const { method, url, startedAt, requestHeaders, requestBody } = sent;
    sent = undefined;
    // In the order in which reports show it.
    record({ method, url, startedAt, durationMs, requestHeaders, requestBody, ...came });
  }

  return {
    request(request) {
      further?.request(request);
      const { method, url, headers, body } = request;
      sent = {
        method,
        url: masking.url(url),
        startedAt: now(),
        requestHeaders: (brief ? [] : Object.entries(headers)).map(([name, value]) => [
          name,
          masking.field(name, value),
        ]),
        requestBody: brief || body === undefined ? undefined : masking.sentBody(body),
      };
    },
    answer(answer, text, milliseconds) {
      further?.answer(answer, text, milliseconds);
      const headers = brief ? [] : [...answer.headers];
      const responseBody = brief ? '' : masking.answerBody(text).slice(0, maxBodyCharacters);
      finish(
        {
          status: answer.status,
          responseHeaders: headers.map(([name, value]) => [
            name,
            masking.answerHeader(name, value),
          ]),
          responseBody,
          failure: undefined,
        },
        milliseconds,
      );
    },
    failure(message, milliseconds) {
      further?.failure(message, milliseconds);
      finish(
        {
          status: undefined,
          responseHeaders: [],
          responseBody: '',
          failure: masking.text(message),
        },
        milliseconds,
      );
    },
  };
}

/** How the requests of one of several flows are recorded. */
export interface Recording {
  /** Told every request with its answer. */
  record: (entry: HttpRecord) => void;
  /** Whether the fetching of the issuer's keys is recorded, too; else it is shared. */
  ownKeys: boolean;
  /** Whether headers and bodies are left out. */
  brief: boolean;
  /** What is masked whatever it looks like; what is sent as a secret is added. */
  secrets: KnownSecrets;
}
