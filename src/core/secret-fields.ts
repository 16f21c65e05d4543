import { maskSecret } from './secret.js';

/** Header fields, form fields, query parameters and JSON members that hold secrets, whatever these look like. */
const names = [
  'client_?secret',
  'code',
  '(?:server_?)?auth_?code',
  'code_?verifier',
  'device_?code',
  '(?:refresh_?|access_?|subject_?|actor_?)?token',
  'id_?token(?:_?hint)?',
  '(?:client_?)?assertion',
  'password',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'upload_id',
  'x-guploader-uploadid',
].join('|');

const wholeName = new RegExp(`^(?:${names})$`, 'i');

/** Whether a header field, form field, query parameter or JSON member of that name holds a secret. */
export function isSecretField(name: string): boolean {
  return wholeName.test(name);
}

/** A secret field's value as it may be shown; the scheme of an `Authorization` is kept. */
export function maskFieldValue(value: string): string {
  const { scheme, secret } = splitScheme(value);
  return scheme === '' ? maskSecret(value) : `${scheme} ${maskSecret(secret)}`;
}

/** An `Authorization` as its scheme and what follows; anything else has no scheme. */
export function splitScheme(value: string): { scheme: string; secret: string } {
  const [, scheme = '', secret = value] = /^(Bearer|Basic)\s+(.*)$/is.exec(value) ?? [];
  return { scheme, secret };
}

/**
 * A secret field with what stands before it, and between it and its value; the quote is absent before a
 * bare value. No look-behind: this runs over every answer.
 */
const fieldStart = new RegExp(
  String.raw`(?:^|[^\w-]|\\u0026|%26|%3f)(${names})(?:(?:\\*["'])?\s*[:=]\s*(\\*["'])|=)`,
  'gi',
);
const bareValue = /[^&#\s"'<>;,\\]*/y;
const scheme = /(\bauthorization\s*:\s*(?:Bearer|Basic)\s+)([^\s"'\\]+)/gi;

/**
 * Masks the values of secret fields in a text: members of JSON and of what Node prints for an
 * object, also where JSON holds JSON; pairs of forms and queries; an `Authorization` header. It goes by
 * the text and parses nothing, since what is torn must not leak either.
 *
 * It does not find a secret by its looks, for which there is `maskText`: that comes after this, so
 * that the lengths shown are those of whole values. An error's name or number in `code` (`ENOTFOUND`, `-5`, `auth/invalid-credential`) stays.
 */
export function maskSecretFields(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  fieldStart.lastIndex = 0;
  for (let found = fieldStart.exec(text); found !== null; found = fieldStart.exec(text)) {
    const [, name = '', quote] = found;
    const from = fieldStart.lastIndex;
    const to = quote === undefined ? endOfBare(text, from) : endOfQuoted(text, from, quote);
    const value = text.slice(from, to);
    fieldStart.lastIndex = to;
    if (!isShowable(name, value)) {
      const plain = quote === undefined ? decode(value) : value;
      parts.push(text.slice(copied, from), maskFieldValue(plain));
      copied = to;
    }
  }
  parts.push(text.slice(copied));
  return parts
    .join('')
    .replace(scheme, (whole, start: string, value: string) =>
      isMasked(value) ? whole : `${start}${maskSecret(value)}`,
    );
}

function isShowable(name: string, value: string): boolean {
  if (value === '' || isMasked(value)) return true;
  if (/^(?:undefined|null|none|nil|true|false)$/i.test(value)) return true;
  return (
    name.toLowerCase() === 'code' &&
    /^(?:-?\d{1,6}|[A-Z_]{1,60}|[a-z]{2,20}(?:[ _/.-][a-z]{2,20}){0,6})$/.test(value)
  );
}

function isMasked(value: string): boolean {
  return value.length < 40 && /^(?:\w+ )?[\w./-]{0,8}…\(\d+\)$/.test(value);
}

function endOfBare(text: string, from: number): number {
  bareValue.lastIndex = from;
  bareValue.exec(text);
  return bareValue.lastIndex;
}

/**
 * Where a quoted value ends: at the next quote that is written as the first one is, or at the end of
 * what is torn. A quote inside the value has more backslashes.
 */
function endOfQuoted(text: string, from: number, quote: string): number {
  const mark = quote.slice(-1);
  const escapes = quote.length - 1;
  for (let at = text.indexOf(mark, from); at !== -1; at = text.indexOf(mark, at + 1)) {
    let before = at;
    while (before > from && text[before - 1] === '\\') before -= 1;
    if ((at - before) % (2 * (escapes + 1)) <= escapes) return Math.max(before, at - escapes);
  }
  return text.length;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
