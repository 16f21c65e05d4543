import stringWidth from 'string-width';
import { clean } from './clean.js';
import { wrap } from './layout.js';
import type { Style } from './style.js';

/** One column of a listing. */
export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** The column that gives way where the window is too narrow. */
  shrinks?: boolean;
  /** What it is not cut below. */
  narrowest?: number;
}

/** The style that a listing is laid out in: a pipe has no width, and gets every cell whole. */
export function toListingStyle(style: Style, isTty: boolean): Style {
  return isTty ? style : { ...style, columns: Number.POSITIVE_INFINITY };
}

const gap = '  ';
const narrowest = 8;

/**
 * Lays rows out in columns below their titles, within `style.columns`. Cells are cleaned of control
 * characters; the column that shrinks is cut with `…`. If that is not enough, each row becomes a block
 * of its own, with a line for each cell. Widths are those of a terminal, so that wide characters line
 * up.
 */
export function renderColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
  options: { titles: boolean } = { titles: true },
): string {
  const cells = rows.map((row) => columns.map((_column, at) => clean(row[at] ?? '')));
  const widths = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[at] ?? ''))),
  );
  const shrinking = columns.findIndex(({ shrinks }) => shrinks === true);
  if (shrinking >= 0) {
    const total = widths.reduce((sum, width) => sum + width, gap.length * (columns.length - 1));
    const over = Math.max(0, total - style.columns);
    const least = Math.min(widths[shrinking] ?? 0, columns[shrinking]?.narrowest ?? narrowest);
    widths[shrinking] = Math.max(least, (widths[shrinking] ?? 0) - over);
  }
  if (widths.reduce((sum, width) => sum + gap.length + width, -gap.length) > style.columns) {
    const blocks = cells.map((row) => renderBlock(columns, row, style)).join('\n');
    return options.titles ? blocks : `\n${blocks}`;
  }
  const line = (texts: readonly string[]) =>
    columns
      .map(({ align }, at) => cell(texts[at] ?? '', widths[at] ?? 0, align))
      .join(gap)
      .trimEnd();
  const titles = options.titles ? [style.heading(line(columns.map(({ title }) => title)))] : [];
  return [...titles, ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** One row of a listing that no line has room for. A cell without a title stands before the next one. */
function renderBlock(columns: readonly Column[], row: readonly string[], style: Style): string {
  const width = Math.max(...columns.map(({ title }) => title.length));
  const indent = ' '.repeat(width + gap.length);
  let sign = '';
  let text = '';
  for (const [at, { title }] of columns.entries()) {
    const words = row[at] ?? '';
    if (title === '') sign = words === '' ? '' : `${words} `;
    else if (words !== '') {
      const whole = wrap(`${sign}${words}`, style.columns, indent, indent.length);
      text += `${style.heading(title.padEnd(width))}${gap}${whole}\n`;
      sign = '';
    }
  }
  return text;
}

/** Columns of a terminal. No screen is as wide as a long text, and to measure one takes too long. */
function widthOf(text: string): number {
  return text.length > longText ? text.length : stringWidth(text);
}

const longText = 1_000;

function cell(text: string, width: number, align: Column['align']): string {
  const shown = cut(text, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'right' ? space + shown : shown + space;
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let taken = 0;
  for (const character of text.slice(0, longText)) {
    taken += widthOf(character);
    if (taken > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
