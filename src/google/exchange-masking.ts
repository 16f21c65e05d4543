import { maskSecret, maskText } from '../core/secret.js';

/** Masks what goes over the wire. It learns what was sent as a secret, since servers echo. */
export interface ExchangeMasking {
  /** The value of a header or field, by its name. */
  field(name: string, value: string): string;
  url(url: string): string;
  /** A form or a JSON document that was sent. */
  sentBody(body: string): string;
  /** A header of an answer; the address of an upload in it is its own permission. */
  answerHeader(name: string, value: string): string;
  /** The text of an answer; it need not be whole. */
  answerBody(text: string): string;
  text(text: string): string;
}

/** Form fields, query parameters and JSON members whose values are secrets, whatever they look like. */
const secretFields =
  /^(client_secret|code|code_verifier|refresh_token|access_token|id_token|token|assertion|password|authorization|cookie|set-cookie|proxy-authorization|upload_id|x-guploader-uploadid)$/i;

/**
 * Builds the masking of one conversation: by the field that holds a secret and, in all other text, by
 * a secret's shape.
 *
 * @param showSecrets leaves everything as it is (`--show-secrets`).
 */
export function createExchangeMasking(showSecrets: boolean): ExchangeMasking {
  // What was sent as a secret is masked in answers, too: servers echo, and not every one has a shape.
  const sent = new Set<string>();
  const mask = (text: string) => (showSecrets ? text : maskText(text, sent));
  const maskField = (name: string, value: string) => {
    if (showSecrets || !secretFields.test(name) || value === '') return mask(value);
    if (value.length >= 8) sent.add(value);
    return maskValue(value);
  };
  const maskSession = (value: string) =>
    value.replace(/([?&]upload_id=)([^&\s]+)/g, (_whole, start: string, id: string) =>
      showSecrets ? `${start}${id}` : `${start}${maskSecret(id)}`,
    );
  return {
    field: maskField,
    url: (url) => maskUrl(url, maskField),
    sentBody: (body) =>
      body.startsWith('{') && !showSecrets ? mask(maskJson(body)) : maskForm(body, maskField),
    answerHeader: (name, value) => maskSession(maskField(name, value)),
    answerBody: (text) => (showSecrets ? text : mask(maskJson(text))),
    text: mask,
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
