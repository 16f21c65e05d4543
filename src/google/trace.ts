import { createExchangeMasking } from '../core/exchange-masking.js';
import type { Trace } from './http.js';

/** The longest body that is written; listings are cut. */
const maxBodyCharacters = 4_000;

/**
 * Builds a trace for people in the manner of `curl -v`, safe to paste into a bug report: `>` before
 * what is sent, `<` before what came.
 *
 * @param write takes whole lines.
 * @param showSecrets leaves secrets as they are (`--show-secrets`).
 */
export function createTrace(write: (lines: string) => void, showSecrets: boolean): Trace {
  const masking = createExchangeMasking(showSecrets);

  function lines(prefix: string, parts: readonly string[]): void {
    write(
      parts
        .flatMap((part) => part.split('\n'))
        .map((line) => `${prefix} ${line}`.trimEnd())
        .join('\n'),
    );
  }

  return {
    request({ method, url, headers, body }) {
      lines('>', [
        `${method} ${masking.url(url)}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${masking.field(name, value)}`),
        ...(body === undefined ? [] : ['', masking.sentBody(body)]),
      ]);
    },
    answer(answer, text, milliseconds) {
      const body = masking.answerBody(text);
      const isLong = body.length > maxBodyCharacters;
      const cut = `${body.slice(0, maxBodyCharacters)}… (${body.length} characters)`;
      lines('<', [
        `${answer.status} (${Math.round(milliseconds)} ms)`,
        ...[...answer.headers].map(
          ([name, value]) => `${name}: ${masking.answerHeader(name, value)}`,
        ),
        ...(body === '' ? [] : ['', isLong ? cut : body.trimEnd()]),
      ]);
    },
    failure(message, milliseconds) {
      lines('<', [`${masking.text(message)} (${Math.round(milliseconds)} ms)`]);
    },
  };
}
