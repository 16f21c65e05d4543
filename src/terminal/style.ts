import { Chalk } from 'chalk';

/** How parts of a text are told apart; every member returns its text unchanged without colour. */
export interface Style {
  heading: (text: string) => string;
  dim: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  notice: (text: string) => string;
  /** The width that text is laid out for. */
  columns: number;
}

/** What decides on colour for one stream. */
export interface ColorWish {
  /** `--no-color` was given. */
  noColorFlag: boolean;
  noColor: string | undefined;
  forceColor: string | undefined;
  isTty: boolean;
  term: string | undefined;
}

/**
 * Whether to colour: the flag, then a non-empty `NO_COLOR`, then `FORCE_COLOR`, then whether the
 * stream is a terminal.
 * @see https://no-color.org
 */
export function wantsColor(wish: ColorWish): boolean {
  if (wish.noColorFlag || (wish.noColor !== undefined && wish.noColor !== '')) return false;
  if (wish.forceColor !== undefined) return wish.forceColor !== '0' && wish.forceColor !== 'false';
  return wish.isTty && wish.term !== 'dumb';
}

/** Builds the style of one stream. */
export function createStyle(color: boolean, columns: number): Style {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    heading: chalk.bold,
    dim: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    notice: chalk.yellow,
    columns,
  };
}
