import { GsacError, messageOf } from '../core/errors.js';
import { maskText } from '../core/secret.js';
import { clean, toJsonText } from './clean.js';
import type { Style } from './style.js';

/** How an error is written. */
export interface ErrorWish {
  json: boolean;
  /** `--debug`: the stack of what was not foreseen. */
  debug: boolean;
}

/** Anything thrown as an error of ours; what was not foreseen becomes `unexpected`, secrets masked. */
export function toGsacError(thrown: unknown): GsacError {
  if (thrown instanceof GsacError) return thrown;
  return new GsacError('unexpected', `Unexpected failure: ${maskText(messageOf(thrown))}`, {
    hint: 'This is a bug in gsac. Run it again with --debug and report what it prints.',
  });
}

/**
 * The text of an error for stderr: `gsac: error:` and `gsac: hint:` lines for people, or one line
 * of JSON.
 */
export function renderError(thrown: unknown, wish: ErrorWish, style: Style): string {
  const error = toGsacError(thrown);
  const stack =
    wish.debug && thrown instanceof Error && thrown.stack !== undefined
      ? maskText(thrown.stack)
      : undefined;
  if (wish.json) {
    const { code, message, hint, details } = error;
    return `${toJsonText({ error: { code, message, hint: hint ?? null, ...details, ...(stack === undefined ? {} : { stack }) } })}\n`;
  }
  const lines = [`gsac: ${style.bad('error:')} ${clean(error.message)}`];
  if (error.hint !== undefined) lines.push(`gsac: ${style.notice('hint:')} ${clean(error.hint)}`);
  if (stack !== undefined) lines.push(...stack.split('\n').map(clean));
  return `${lines.join('\n')}\n`;
}
