import type { RefusalReason } from './receiver.js';

/** The names under which apps post a code, in the order they are looked for. */
const codeFields = ['authCode', 'auth_code', 'code', 'serverAuthCode'] as const;

/** The code as it was posted, or why there is none. */
export type PostedCode = { code: string } | { status: 400 | 415; reason: RefusalReason };

/**
 * Takes the code out of a posted body: a form or a JSON object with one of the usual fields, or the
 * bare code as text or bytes. It does not judge whether that is a code.
 */
export function readPostedCode(contentType: string | undefined, body: Uint8Array): PostedCode {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return { status: 400, reason: 'body_unreadable' };
  }
  if (type === 'application/x-www-form-urlencoded') return found(codeInForm(text));
  if (type === 'application/json' || type.endsWith('+json')) return codeInJson(text);
  if (type === '' || type === 'text/plain' || type === 'application/octet-stream') {
    return found(text.trim());
  }
  return { status: 415, reason: 'body_unsupported' };
}

function found(code: string | undefined): PostedCode {
  return code === undefined || code === '' ? { status: 400, reason: 'code_missing' } : { code };
}

function codeInForm(text: string): string | undefined {
  const fields = new URLSearchParams(text);
  const named = codeFields.map((name) => fields.get(name)).find((value) => value);
  // `curl -d 4/0A…` calls a bare code a form.
  return named ?? (/^4(\/|%2f)[^=&]*$/i.test(text.trim()) ? text.trim() : undefined);
}

function codeInJson(text: string): PostedCode {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status: 400, reason: 'body_unreadable' };
  }
  if (typeof body !== 'object' || body === null) return { status: 400, reason: 'code_missing' };
  const fields = new Map<string, unknown>(Object.entries(body));
  const value = codeFields.map((name) => fields.get(name)).find((one) => one);
  return found(typeof value === 'string' ? value : undefined);
}
