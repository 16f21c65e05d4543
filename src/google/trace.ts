import { maskSecret, maskText } from '../core/secret.js';
import type { FetchAnswer } from './http.js';

/** Writes every request and answer for people, safe to paste into a bug report. */
export interface Trace {
  request(request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    body?: string | undefined;
  }): void;
  answer(answer: FetchAnswer, text: string, milliseconds: number): void;
  failure(message: string, milliseconds: number): void;
}

/** Form fields, query parameters and JSON members whose values are secrets, whatever they look like. */
const secretFields =
  /^(client_secret|code|code_verifier|refresh_token|access_token|id_token|token|assertion|password|authorization|cookie|set-cookie|proxy-authorization|upload_id|x-guploader-uploadid)$/i;

/** The longest body that is written; listings are cut. */
const maxBodyCharacters = 4_000;

/**
 * Builds a trace in the manner of `curl -v`: `>` before what is sent, `<` before what came.
 * Secrets are masked by the field that holds them and, in all other text, by their shape.
 *
 * @param write takes whole lines.
 * @param showSecrets leaves secrets as they are (`--show-secrets`).
 */
export function createTrace(write: (lines: string) => void, showSecrets: boolean): Trace {
  // What was sent as a secret is masked in answers, too: servers echo, and not every one has a shape.
  const sent = new Set<string>();
  const mask = (text: string) => (showSecrets ? text : maskText(text, sent));
  const maskField = (name: string, value: string) => {
    if (showSecrets || !secretFields.test(name) || value === '') return mask(value);
    if (value.length >= 8) sent.add(value);
    return maskValue(value);
  };

  function maskBody(body: string): string {
    return body.startsWith('{') && !showSecrets ? mask(maskJson(body)) : maskForm(body, maskField);
  }

  // The address of an upload is its own permission.
  const maskSession = (value: string) =>
    value.replace(/([?&]upload_id=)([^&\s]+)/g, (_whole, start: string, id: string) =>
      showSecrets ? `${start}${id}` : `${start}${maskSecret(id)}`,
    );

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
        `${method} ${maskUrl(url, maskField)}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${maskField(name, value)}`),
        ...(body === undefined ? [] : ['', maskBody(body)]),
      ]);
    },
    answer(answer, text, milliseconds) {
      const headers: string[] = [];
      answer.headers.forEach((value, name) => {
        headers.push(`${name}: ${maskSession(maskField(name, value))}`);
      });
      const body = showSecrets ? text : mask(maskJson(text));
      const cut = body.length > maxBodyCharacters;
      lines('<', [
        `${answer.status} (${Math.round(milliseconds)} ms)`,
        ...headers,
        ...(body === ''
          ? []
          : [
              '',
              cut
                ? `${body.slice(0, maxBodyCharacters)}… (${body.length} characters)`
                : body.trimEnd(),
            ]),
      ]);
    },
    failure(message, milliseconds) {
      lines('<', [`${mask(message)} (${Math.round(milliseconds)} ms)`]);
    },
  };
}

function maskValue(value: string): string {
  const scheme = /^(Bearer|Basic)\s+(.*)$/i.exec(value);
  return scheme === null ? maskSecret(value) : `${scheme[1]} ${maskSecret(scheme[2] ?? '')}`;
}

function maskUrl(url: string, maskField: (name: string, value: string) => string): string {
  const [address = '', query] = url.split('?', 2);
  return query === undefined ? address : `${address}?${maskForm(query, maskField)}`;
}

function maskForm(form: string, maskField: (name: string, value: string) => string): string {
  return form
    .split('&')
    .map((pair) => {
      const [name = '', value] = pair.split('=', 2);
      if (value === undefined) return name;
      const decoded = new URLSearchParams(pair).values().next().value ?? value;
      const masked = maskField(name, decoded);
      return `${name}=${masked === decoded ? value : masked}`;
    })
    .join('&');
}

/** Masks by text and not by parsing, since a torn answer must not leak either. */
function maskJson(text: string): string {
  return text.replace(
    /("(?:client_secret|code|refresh_token|access_token|id_token|token)"\s*:\s*")((?:[^"\\]|\\.)*)/gi,
    (_whole, start: string, value: string) => `${start}${maskSecret(value)}`,
  );
}
