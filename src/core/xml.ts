import { toVisible } from './visible-text.js';

type Attributes = Readonly<Record<string, string | number>>;

/** An element with its end of line; each of its children begins a line, a text stands as it is. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] | string = [],
): string {
  const values = Object.entries(attributes).map(([key, value]) => ` ${key}="${toXml(value)}"`);
  const start = `<${name}${values.join('')}`;
  if (children.length === 0) return `${start}/>\n`;
  const inside = typeof children === 'string' ? children : `\n${children.join('')}`;
  return `${start}>${inside}</${name}>\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A text as XML may hold it, also in an attribute, where a tab or a line end would become a blank. */
export function toXml(text: string | number): string {
  return toVisible(String(text)).replace(
    /[&<>"\t\n\r]/g,
    (letter) => entities[letter] ?? `&#${letter.charCodeAt(0)};`,
  );
}

/** Milliseconds as JUnit's seconds: at most three decimals and no thousands' comma, as the schema wants it. */
export function xmlSeconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1000).toFixed(3);
}
