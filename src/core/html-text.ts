import { html as escaping, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { toVisible } from './visible-text.js';

/** Markup: text that is escaped already. Only {@link html} and {@link verbatim} make it. */
export type Markup = HtmlEscapedString;

/** What may stand in markup: text, which is escaped, or further markup. */
export type Content = string | number | Markup | readonly Content[];

/**
 * Markup from a template. Whatever is put into it is escaped, for a place between tags as for a quoted
 * attribute, and made visible; unquoted attributes, `<style>` and `<script>` are no place for it.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  // It promises only where it was given promises.
  return escaping(parts, ...values.map(prepare)) as Markup;
}

/** Text as it stands, unescaped: for gsac's own constants and nothing else. */
export function verbatim(constant: string): Markup {
  return raw(constant);
}

/** Nothing. */
export const nothing: Markup = html``;

function prepare(value: Content): unknown {
  if (typeof value === 'string') return toVisible(value);
  return Array.isArray(value) ? value.map(prepare) : value;
}
