import { createKnownSecrets, type KnownSecrets, maskSecret } from './secret.js';
import { isSecretField, maskFieldValue, maskSecretFields, splitScheme } from './secret-fields.js';

/**
 * Builds the masking of one conversation over the wire: by the field that holds a secret and, in all
 * other text, by a secret's shape.
 *
 * @param showSecrets leaves everything as it is (`--show-secrets`).
 * @param known secrets that are masked whatever they look like; what is sent as one is added, since
 *   servers echo.
 */
export function createExchangeMasking(
  showSecrets: boolean,
  known: KnownSecrets = createKnownSecrets(),
) {
  if (showSecrets) return showEverything;
  const { mask } = known;
  const maskField = (name: string, value: string) => {
    if (!isSecretField(name) || value === '') return mask(value);
    for (const secret of secretsIn(value)) known.learn(secret);
    return maskFieldValue(value);
  };
  return {
    /** The value of a header or field, by its name. */
    field: maskField,
    url: (url: string) => mask(maskUrl(url, maskField)),
    /** A form or a JSON document that was sent. */
    sentBody: (body: string) =>
      mask(body.startsWith('{') ? maskSecretFields(body) : maskForm(body, maskField)),
    /** A header of an answer; the address of an upload in it is its own permission. */
    answerHeader: (name: string, value: string) =>
      isSecretField(name) ? maskField(name, value) : mask(maskSecretFields(value)),
    /** The text of an answer; it need not be whole. */
    answerBody: (text: string) => mask(maskSecretFields(text)),
    text: mask,
  };
}

const same = (text: string) => text;
const showEverything = {
  field: (_name: string, value: string) => value,
  url: same,
  sentBody: same,
  answerHeader: (_name: string, value: string) => value,
  answerBody: same,
  text: same,
};

/** A field's value as a server may echo it: without its scheme; of Basic's the password, too. */
function secretsIn(value: string): string[] {
  const { scheme, secret } = splitScheme(value);
  if (scheme.toLowerCase() !== 'basic') return [secret];
  const text = Buffer.from(secret, 'base64').toString();
  const password = text.slice(text.indexOf(':') + 1);
  // RFC 6749 §2.3.1 has both halves form-encoded.
  return [secret, password, new URLSearchParams(`v=${password}`).get('v') ?? password];
}

function maskUrl(url: string, maskField: (name: string, value: string) => string): string {
  const [, address = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  const shown = address.replace(
    /^([a-z][a-z\d+.-]*:\/\/)([^/]*)@/i,
    (_whole, start: string, user: string) => `${start}${maskSecret(user)}@`,
  );
  const part = (text: string) => text.slice(0, 1) + maskForm(text.slice(1), maskField);
  return shown + part(query) + part(fragment);
}

function maskForm(form: string, maskField: (name: string, value: string) => string): string {
  return form
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      if (at === -1) return pair;
      const [name = '', decoded = ''] = new URLSearchParams(pair).entries().next().value ?? [];
      const masked = maskField(name, decoded);
      return masked === decoded ? pair : `${pair.slice(0, at)}=${masked}`;
    })
    .join('&');
}
